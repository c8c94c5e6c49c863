import {
  type Answer,
  DONE_FRAME,
  type Frame,
  jsonAnswer,
  ProviderFailure,
  streamAnswer,
  typedFrame,
} from './answer.ts';
import { compose, type Plan, type Prompt } from './compose.ts';
import { type JsonObject, listAt, numberAt, objectAt, textAt } from './loose-json.ts';
import { embed } from './openai-embeddings.ts';
import { chatParts, chatPrompt, promptTokens, readStop } from './openai-prompt.ts';
import {
  bareModel,
  bearer,
  type Family,
  isKnownModel,
  jsonBody,
  type ProviderRequest,
} from './provider-request.ts';
import { countTokens } from './tokens.ts';

const FINISH = { stop: 'COMPLETE', length: 'MAX_TOKENS', tools: 'TOOL_CALL', refusal: 'ERROR' } as const;

const USUAL: Readonly<Record<number, string>> = {
  400: 'invalid request: invalid request body.',
  401: 'invalid api token',
  402: 'Please add or update your payment method at https://dashboard.cohere.com/billing?tab=payment to continue',
  403: 'You do not have permission to use this resource.',
  404: 'Not found',
  413: 'request body is too large',
  429: 'You are past the per minute request limit, please wait and try again later.',
  500: 'internal server error',
  503: 'The service is temporarily unavailable.',
  504: 'The request took too long.',
};

function failure(status: number): ProviderFailure {
  return new ProviderFailure(status, USUAL[status] ?? USUAL[status >= 500 ? 500 : 400]!);
}

function headers(request: ProviderRequest): Record<string, string> {
  return {
    'x-debug-trace-id': request.idDice.hex(32),
    'x-endpoint-monthly-call-limit': '1000',
    'x-trial-endpoint-call-limit': '40',
    'x-trial-endpoint-call-remaining': String(Math.min(40, request.remainingRequests)),
  };
}

export const cohere: Family = {
  id: 'cohere',

  authorize(request) {
    const key = bearer(request.headers);
    if (key === null) throw new ProviderFailure(401, 'no api key supplied');
    if (!request.acceptsKey(key)) throw failure(401);
  },

  answer(request) {
    const path = request.path.replace(/^\/v[12](?=\/)/, '');
    if (path === '/chat') return answerChat(request);
    if (path === '/embed') return answerEmbed(request);
    if (path === '/models' && request.method === 'GET') {
      const names = request.knownModels ?? ['command-a-03-2025', 'command-r7b-12-2024', 'embed-v4.0'];
      const models = names.map((name) => ({ name, endpoints: ['chat'], context_length: 256_000 }));
      return jsonAnswer({ models }, headers(request));
    }
    throw failure(404);
  },

  fail(request, raised) {
    const given = headers(request);
    if (raised.retryAfter !== null) given['retry-after'] = raised.retryAfter;
    return jsonAnswer({ id: request.idDice.uuid(), message: raised.message }, given, raised.status);
  },

  // A stream that fails says so in its last event.
  failFrame: (_request, raised) =>
    typedFrame({
      type: 'message-end',
      delta: { error: raised.message, finish_reason: 'ERROR' },
    } as { type: string }).bytes,

  failure,
};

function requireModel(request: ProviderRequest, body: unknown): string {
  const model = bareModel(textAt(body, 'model') ?? '');
  if (model === '') throw new ProviderFailure(400, 'invalid request: model is required.');
  if (!isKnownModel(request, model)) {
    throw new ProviderFailure(
      404,
      `model '${model}' not found, make sure the correct model ID was used and that you have access to the model.`,
    );
  }
  return model;
}

function readPrompt(body: JsonObject): Prompt {
  const choice = textAt(body, 'tool_choice');
  const format = objectAt(body, 'response_format');
  const schema = objectAt(format, 'json_schema');
  const thinking = objectAt(body, 'thinking');
  return {
    ...chatPrompt(body),
    toolChoice: choice === 'REQUIRED' ? 'required' : choice === 'NONE' ? 'none' : 'auto',
    stop: readStop(body.stop_sequences),
    schema:
      format.type !== 'json_object'
        ? null
        : Object.keys(schema).length > 0
          ? schema
          : { type: 'object', properties: { answer: { type: 'string' } } },
    thinkingTokens: thinking.type === 'enabled' ? Math.min(24, numberAt(thinking, 'token_budget') ?? 24) : 0,
  };
}

function answerChat(request: ProviderRequest): Answer {
  const body = jsonBody(request, 'invalid json syntax: unexpected token');
  const model = requireModel(request, body);
  if (listAt(body, 'messages').length === 0) {
    throw new ProviderFailure(400, 'invalid request: messages must not be empty.');
  }
  const parts = chatParts(body);
  const cachedTokens = request.promptCache.automatic(`${request.principal}\n${model}`, parts);
  const plan = compose(readPrompt(body), request.dice, request.fault);
  const inputTokens = promptTokens(parts);
  const usage = {
    billed_units: { input_tokens: inputTokens - cachedTokens, output_tokens: plan.outputTokens },
    tokens: { input_tokens: inputTokens, output_tokens: plan.outputTokens },
    cached_tokens: cachedTokens,
  };
  const calls = plan.calls.map((call) => ({
    id: `${call.name}_${request.idDice.letters(12).toLowerCase()}`,
    type: 'function',
    function: { name: call.name, arguments: call.pieces.join('') },
  }));
  const id = request.idDice.uuid();
  if (body.stream === true) return streamAnswer(chatFrames(id, plan, calls, usage), headers(request));
  const content: object[] = [];
  if (plan.thoughts.length > 0) content.push({ type: 'thinking', thinking: plan.thoughts.join('') });
  if (calls.length === 0) content.push({ type: 'text', text: plan.text.join('') });
  const message =
    calls.length > 0
      ? {
          role: 'assistant',
          tool_plan: TOOL_PLAN,
          tool_calls: calls,
          ...(content.length > 0 ? { content } : {}),
        }
      : { role: 'assistant', content };
  const whole = { id, message, finish_reason: FINISH[plan.finish], usage };
  return jsonAnswer(whole, headers(request), 200, plan.outputTokens);
}

const TOOL_PLAN = 'I will use the tool to answer this.';

function chatFrames(id: string, plan: Plan, calls: readonly { id: string }[], usage: object): Frame[] {
  const frames: Frame[] = [];
  const push = (type: string, fields: object, content = false): void => {
    frames.push(typedFrame({ type, ...fields } as { type: string }, content));
  };
  const message = (fields: object): object => ({ delta: { message: fields } });
  const start = { role: 'assistant', content: [], tool_plan: '', tool_calls: [], citations: [] };
  push('message-start', { id, ...message(start) });
  let index = 0;
  const block = (type: 'thinking' | 'text', pieces: readonly string[]): void => {
    push('content-start', { index, ...message({ content: { type, [type]: '' } }) });
    for (const piece of pieces) {
      push('content-delta', { index, ...message({ content: { [type]: piece } }) }, true);
    }
    push('content-end', { index });
    index++;
  };
  if (plan.thoughts.length > 0) block('thinking', plan.thoughts);
  if (calls.length === 0) {
    block('text', plan.text);
  } else {
    for (const piece of TOOL_PLAN.split(/(?= )/))
      push('tool-plan-delta', message({ tool_plan: piece }), true);
    plan.calls.forEach((call, position) => {
      const opened = { ...calls[position], function: { name: call.name, arguments: '' } };
      push('tool-call-start', { index: position, ...message({ tool_calls: opened }) });
      for (const piece of call.pieces) {
        const tool_calls = { function: { arguments: piece } };
        push('tool-call-delta', { index: position, ...message({ tool_calls }) }, true);
      }
      push('tool-call-end', { index: position });
    });
  }
  push('message-end', { id, delta: { finish_reason: FINISH[plan.finish], usage } });
  frames.push(DONE_FRAME);
  return frames;
}

function answerEmbed(request: ProviderRequest): Answer {
  const body = jsonBody(request, 'invalid json syntax: unexpected token');
  const model = requireModel(request, body);
  const texts = listAt(body, 'texts').map(String);
  const width = numberAt(body, 'output_dimension') ?? 1024;
  const float = texts.map((text) => embed(model, text, Math.min(1536, Math.max(1, width))));
  const tokens = texts.reduce((sum, text) => sum + countTokens(text), 0);
  const reply = {
    id: request.idDice.uuid(),
    embeddings: { float },
    texts,
    meta: { api_version: { version: '2' }, billed_units: { input_tokens: tokens } },
    response_type: 'embeddings_by_type',
  };
  return jsonAnswer(reply, headers(request));
}
