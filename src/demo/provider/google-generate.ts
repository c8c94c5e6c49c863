import { type Answer, type Frame, ProviderFailure, type WholeAnswer } from './answer.ts';
import { compose, type Plan, type Prompt, type Tool } from './compose.ts';
import { googleHeaders } from './google-error.ts';
import { isObject, type JsonObject, listAt, numberAt, objectAt, textAt } from './loose-json.ts';
import { readStop } from './openai-prompt.ts';
import type { PromptPart } from './prompt-cache.ts';
import { jsonBody, type ProviderRequest } from './provider-request.ts';
import { countTokens, IMAGE_TOKENS } from './tokens.ts';

const FINISH = { stop: 'STOP', length: 'MAX_TOKENS', tools: 'STOP', refusal: 'SAFETY' } as const;

/** Google takes its field names in either spelling. */
function either(parent: unknown, camel: string): unknown {
  if (!isObject(parent)) return undefined;
  return parent[camel] ?? parent[camel.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)];
}

export function googleBody(request: ProviderRequest): JsonObject {
  return jsonBody(request, 'Invalid JSON payload received. Unexpected token.\n\n^');
}

export function googleJson(request: ProviderRequest, value: unknown, tokens = 0): WholeAnswer {
  return {
    kind: 'whole',
    status: 200,
    headers: googleHeaders(request),
    body: Buffer.from(`${JSON.stringify(value, null, 2)}\n`),
    tokens,
  };
}

function partTokens(part: unknown): number {
  const text = textAt(part, 'text');
  if (text !== null) return countTokens(text);
  if (either(part, 'inlineData') !== undefined || either(part, 'fileData') !== undefined) return IMAGE_TOKENS;
  return countTokens(JSON.stringify(part));
}

/** Tools, system instruction, then each content. A content counts 3 tokens and its parts. */
export function contentParts(body: JsonObject): PromptPart[] {
  const contents =
    typeof body.contents === 'string' ? [{ parts: [{ text: body.contents }] }] : listAt(body, 'contents');
  const system = either(body, 'systemInstruction');
  const tools = listAt(body, 'tools');
  const parts: PromptPart[] = [];
  if (tools.length > 0)
    parts.push({ text: JSON.stringify(tools), tokens: countTokens(JSON.stringify(tools)) });
  for (const content of system === undefined ? contents : [system, ...contents]) {
    const tokens = listAt(content, 'parts').reduce<number>((sum, part) => sum + partTokens(part), 3);
    parts.push({ text: JSON.stringify(content), tokens });
  }
  return parts;
}

function contentPrompt(body: JsonObject, model: string): Prompt {
  const contents = listAt(body, 'contents');
  const last = contents.at(-1);
  const isUser = (content: unknown): boolean =>
    (textAt(content, 'role') ?? 'user') === 'user' &&
    listAt(content, 'parts').some((part) => textAt(part, 'text'));
  const parts = listAt(contents.findLast(isUser) ?? last, 'parts');
  const config = either(body, 'generationConfig');
  const calling = either(either(body, 'toolConfig'), 'functionCallingConfig');
  const mode = textAt(calling, 'mode');
  const allowed = either(calling, 'allowedFunctionNames');
  const schema = either(config, 'responseJsonSchema') ?? either(config, 'responseSchema');
  const mime = either(config, 'responseMimeType');
  return {
    text: parts.map((part) => textAt(part, 'text') ?? '').join(''),
    toolResults: listAt(last, 'parts').flatMap((part) => {
      const result = either(part, 'functionResponse');
      return result === undefined ? [] : [JSON.stringify(objectAt(result, 'response'))];
    }),
    imageCount: parts.filter((part) => either(part, 'inlineData') ?? either(part, 'fileData')).length,
    tools: listAt(body, 'tools').flatMap((group) => {
      const declared = either(group, 'functionDeclarations');
      if (!Array.isArray(declared)) return [];
      return declared.flatMap((tool): Tool[] => {
        const name = textAt(tool, 'name');
        const given = either(tool, 'parametersJsonSchema') ?? either(tool, 'parameters');
        return name === null ? [] : [{ name, schema: isObject(given) ? given : {} }];
      });
    }),
    toolChoice:
      mode === 'NONE'
        ? 'none'
        : mode === 'ANY'
          ? Array.isArray(allowed) && allowed.length > 0
            ? { name: String(allowed[0]) }
            : 'required'
          : 'auto',
    parallelTools: true,
    schema: isObject(schema)
      ? schema
      : mime === 'application/json'
        ? { type: 'object', properties: { answer: { type: 'string' } } }
        : null,
    maxTokens: asNumber(either(config, 'maxOutputTokens')),
    stop: readStop(either(config, 'stopSequences')),
    thinkingTokens: thinkingTokens(model, either(config, 'thinkingConfig')),
  };
}

function asNumber(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

/** Models from 2.5 on think unless their budget is 0. */
function thinkingTokens(model: string, config: unknown): number {
  const budget = numberAt(config, 'thinkingBudget') ?? numberAt(config, 'thinking_budget');
  if (budget === 0) return 0;
  if (budget !== null && budget > 0) return Math.min(24, budget);
  return /gemini-(?:2\.5|[3-9])/.test(model) && !/lite/.test(model) ? 24 : 0;
}

export function answerGenerate(request: ProviderRequest, model: string, isStream: boolean): Answer {
  const body = googleBody(request);
  if (listAt(body, 'contents').length === 0) {
    throw new ProviderFailure(400, '* GenerateContentRequest.contents: contents is not specified\n');
  }
  const parts = contentParts(body);
  const cached = request.promptCache.automatic(`${request.principal}\n${model}`, parts);
  const plan = compose(contentPrompt(body, model), request.dice, request.fault);
  const promptTokens = parts.reduce((sum, part) => sum + part.tokens, 0);
  const usage = (outputTokens: number, thoughtTokens: number): object => ({
    promptTokenCount: promptTokens,
    ...(outputTokens > 0 ? { candidatesTokenCount: outputTokens } : {}),
    totalTokenCount: promptTokens + outputTokens + thoughtTokens,
    ...(cached > 0
      ? { cachedContentTokenCount: cached, cacheTokensDetails: [{ modality: 'TEXT', tokenCount: cached }] }
      : {}),
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: promptTokens }],
    ...(thoughtTokens > 0 ? { thoughtsTokenCount: thoughtTokens } : {}),
  });
  const isShown =
    either(either(either(body, 'generationConfig'), 'thinkingConfig'), 'includeThoughts') === true;
  const responseId = request.idDice.letters(22);
  const reply = (found: readonly object[], finish: string | null, usageMetadata: object): object => ({
    candidates: [
      {
        ...(found.length > 0 ? { content: { parts: found, role: 'model' } } : {}),
        ...(finish === null ? {} : { finishReason: finish }),
        index: 0,
      },
    ],
    usageMetadata,
    modelVersion: model,
    responseId,
  });
  const finish = FINISH[plan.finish];
  const output = plan.outputTokens - plan.thoughts.length;
  if (!isStream) {
    const whole = reply(wholeParts(request, plan, isShown), finish, usage(output, plan.thoughts.length));
    return googleJson(request, whole, plan.outputTokens);
  }
  const replies = streamedReplies(request, plan, isShown, reply, usage);
  return request.query.get('alt') === 'sse' ? eventStream(request, replies) : arrayStream(request, replies);
}

function callParts(request: ProviderRequest, plan: Plan): object[] {
  return plan.calls.map((call, index) => ({
    functionCall: { name: call.name, args: call.input, id: request.idDice.letters(8).toLowerCase() },
    ...(plan.thoughts.length > 0 && index === 0 ? { thoughtSignature: signature(request) } : {}),
  }));
}

function signature(request: ProviderRequest): string {
  return Buffer.from(request.idDice.letters(48)).toString('base64');
}

function wholeParts(request: ProviderRequest, plan: Plan, isShown: boolean): object[] {
  const found: object[] = [];
  if (isShown && plan.thoughts.length > 0) found.push({ text: plan.thoughts.join(''), thought: true });
  if (plan.text.length > 0) found.push({ text: plan.text.join('') });
  return [...found, ...callParts(request, plan)];
}

interface StreamedReply {
  readonly value: object;
  readonly content: boolean;
}

/** Google streams a few words at a time, and states the usage so far in every piece. */
function streamedReplies(
  request: ProviderRequest,
  plan: Plan,
  isShown: boolean,
  reply: (found: readonly object[], finish: string | null, usage: object) => object,
  usage: (outputTokens: number, thoughtTokens: number) => object,
): StreamedReply[] {
  const replies: StreamedReply[] = [];
  const thoughts = plan.thoughts.length;
  if (isShown) {
    for (const piece of groups(plan.thoughts)) {
      replies.push({
        value: reply([{ text: piece.text, thought: true }], null, usage(0, piece.count)),
        content: true,
      });
    }
  }
  for (const piece of groups(plan.text)) {
    replies.push({ value: reply([{ text: piece.text }], null, usage(piece.count, thoughts)), content: true });
  }
  const output = plan.outputTokens - thoughts;
  for (const part of callParts(request, plan)) {
    replies.push({ value: reply([part], null, usage(output, thoughts)), content: true });
  }
  const last = plan.finish === 'refusal' ? [] : [{ text: '' }];
  replies.push({ value: reply(last, FINISH[plan.finish], usage(output, thoughts)), content: false });
  return replies;
}

function* groups(pieces: readonly string[]): Generator<{ text: string; count: number }> {
  for (let i = 0; i < pieces.length; i += 4) {
    yield { text: pieces.slice(i, i + 4).join(''), count: Math.min(i + 4, pieces.length) };
  }
}

function eventStream(request: ProviderRequest, replies: readonly StreamedReply[]): Answer {
  const frames = replies.map(
    (reply): Frame => ({
      bytes: Buffer.from(`data: ${JSON.stringify(reply.value)}\r\n\r\n`),
      content: reply.content,
    }),
  );
  const headers = {
    ...googleHeaders(request),
    'content-type': 'text/event-stream',
    'content-disposition': 'attachment',
  };
  return { kind: 'stream', status: 200, headers, frames };
}

/** Without `alt=sse` the stream is one JSON array that arrives element by element. */
function arrayStream(request: ProviderRequest, replies: readonly StreamedReply[]): Answer {
  const frames = replies.map(
    (reply, index): Frame => ({
      bytes: Buffer.from(`${index === 0 ? '[' : ',\r\n'}${JSON.stringify(reply.value, null, 2)}`),
      content: reply.content,
    }),
  );
  frames.push({ bytes: Buffer.from('\n]\n'), content: false });
  return { kind: 'stream', status: 200, headers: googleHeaders(request), frames };
}
