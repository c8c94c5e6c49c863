import { type Answer, type Frame, jsonAnswer, ProviderFailure, streamAnswer, typedFrame } from './answer.ts';
import { compose, type Plan, type Prompt, type Tool } from './compose.ts';
import { isObject, type JsonObject, listAt, numberAt, objectAt, textAt } from './loose-json.ts';
import { NOT_JSON, padding, requireModel } from './openai-chat.ts';
import { openaiHeaders } from './openai-error.ts';
import {
  contentText,
  countImages,
  messageTokens,
  promptTokens,
  readToolChoice,
  reasoningTokens,
  toolTokens,
} from './openai-prompt.ts';
import type { PromptPart } from './prompt-cache.ts';
import { jsonBody, type ProviderRequest } from './provider-request.ts';
import { countTokens } from './tokens.ts';

type Item = Record<string, unknown>;

export function answerResponses(request: ProviderRequest): Answer {
  const body = jsonBody(request, NOT_JSON);
  const model = requireModel(request, body);
  if (typeof body.input !== 'string' && !Array.isArray(body.input)) {
    throw new ProviderFailure(400, "Missing required parameter: 'input'.", {
      code: 'missing_required_parameter',
      param: 'input',
    });
  }
  const parts = inputParts(body);
  const cachedTokens = request.promptCache.automatic(`${request.principal}\n${model}`, parts);
  const plan = compose(inputPrompt(body, model), request.dice, request.fault);
  const inputTokens = promptTokens(parts);
  const usage = {
    input_tokens: inputTokens,
    input_tokens_details: { cached_tokens: cachedTokens, cache_write_tokens: 0 },
    output_tokens: plan.outputTokens,
    output_tokens_details: { reasoning_tokens: plan.thoughts.length },
    total_tokens: inputTokens + plan.outputTokens,
  };
  const open = responseObject(request, body, model);
  const output = outputItems(request, body, plan);
  const closed = {
    ...open,
    status: plan.finish === 'length' || plan.finish === 'refusal' ? 'incomplete' : 'completed',
    completed_at: plan.finish === 'length' || plan.finish === 'refusal' ? null : open.created_at,
    incomplete_details:
      plan.finish === 'length'
        ? { reason: 'max_output_tokens' }
        : plan.finish === 'refusal'
          ? { reason: 'content_filter' }
          : null,
    output,
    usage,
  };
  const headers = openaiHeaders(request);
  if (body.stream !== true) return jsonAnswer(closed, headers, 200, plan.outputTokens);
  return streamAnswer(responseFrames(request, open, closed, plan), headers);
}

function inputItems(body: JsonObject): readonly unknown[] {
  return typeof body.input === 'string' ? [{ role: 'user', content: body.input }] : listAt(body, 'input');
}

/** Tools, instructions, then each input item; items that are no messages count as their JSON. */
function inputParts(body: JsonObject): PromptPart[] {
  const parts: PromptPart[] = [];
  const tools = listAt(body, 'tools');
  if (tools.length > 0) parts.push({ text: JSON.stringify(tools), tokens: toolTokens(tools) });
  const instructions = textAt(body, 'instructions');
  if (instructions !== null) parts.push({ text: instructions, tokens: 3 + countTokens(instructions) });
  for (const item of inputItems(body)) {
    const isMessage = isObject(item) && 'content' in item;
    const text = JSON.stringify(item);
    parts.push({ text, tokens: isMessage ? messageTokens(item) : 3 + countTokens(text) });
  }
  return parts;
}

function inputPrompt(body: JsonObject, model: string): Prompt {
  const items = inputItems(body);
  const lastUser = items.findLast((item) => textAt(item, 'role') === 'user');
  const content = isObject(lastUser) ? lastUser.content : '';
  const results: string[] = [];
  for (let i = items.length - 1; i >= 0 && textAt(items[i], 'type') === 'function_call_output'; i--) {
    const item = items[i];
    results.unshift(contentText(isObject(item) ? item.output : ''));
  }
  const format = objectAt(objectAt(body, 'text'), 'format');
  return {
    text: contentText(content),
    toolResults: results,
    imageCount: countImages(content),
    tools: listAt(body, 'tools').flatMap((tool): Tool[] => {
      const name = textAt(tool, 'type') === 'function' ? textAt(tool, 'name') : null;
      return name === null ? [] : [{ name, schema: objectAt(tool, 'parameters') }];
    }),
    toolChoice: readToolChoice(body.tool_choice),
    parallelTools: body.parallel_tool_calls !== false,
    schema:
      format.type === 'json_schema'
        ? objectAt(format, 'schema')
        : format.type === 'json_object'
          ? { type: 'object', properties: { answer: { type: 'string' } } }
          : null,
    maxTokens: numberAt(body, 'max_output_tokens'),
    stop: [],
    thinkingTokens: reasoningTokens(model, textAt(objectAt(body, 'reasoning'), 'effort')),
  };
}

function responseObject(
  request: ProviderRequest,
  body: JsonObject,
  model: string,
): Item & { created_at: number } {
  const reasoning = objectAt(body, 'reasoning');
  return {
    id: `resp_${request.idDice.hex(50)}`,
    object: 'response',
    created_at: Math.floor(request.nowMs / 1000),
    status: 'in_progress',
    background: false,
    completed_at: null,
    error: null,
    incomplete_details: null,
    instructions: body.instructions ?? null,
    max_output_tokens: body.max_output_tokens ?? null,
    max_tool_calls: null,
    model,
    output: [],
    parallel_tool_calls: body.parallel_tool_calls !== false,
    previous_response_id: body.previous_response_id ?? null,
    prompt_cache_key: body.prompt_cache_key ?? null,
    reasoning: { effort: reasoning.effort ?? null, summary: reasoning.summary ?? null },
    safety_identifier: null,
    service_tier: 'default',
    store: body.store !== false,
    temperature: body.temperature ?? 1,
    text: isObject(body.text) ? body.text : { format: { type: 'text' }, verbosity: 'medium' },
    tool_choice: body.tool_choice ?? 'auto',
    tools: listAt(body, 'tools'),
    top_logprobs: 0,
    top_p: body.top_p ?? 1,
    truncation: 'disabled',
    usage: null,
    user: null,
    metadata: isObject(body.metadata) ? body.metadata : {},
  };
}

function outputItems(request: ProviderRequest, body: JsonObject, plan: Plan): Item[] {
  const items: Item[] = [];
  const ended = plan.finish === 'length' || plan.finish === 'refusal' ? 'incomplete' : 'completed';
  if (plan.thoughts.length > 0) {
    const shown = objectAt(body, 'reasoning').summary
      ? [{ type: 'summary_text', text: plan.thoughts.join('') }]
      : [];
    const encrypted = listAt(body, 'include').includes('reasoning.encrypted_content');
    items.push({
      id: `rs_${request.idDice.hex(50)}`,
      type: 'reasoning',
      ...(encrypted ? { encrypted_content: `gAAAA${request.idDice.letters(64)}` } : {}),
      summary: shown,
    });
  }
  for (const call of plan.calls) {
    items.push({
      id: `fc_${request.idDice.hex(50)}`,
      type: 'function_call',
      status: 'completed',
      arguments: call.pieces.join(''),
      call_id: `call_${request.idDice.letters(24)}`,
      name: call.name,
    });
  }
  if (plan.calls.length === 0) {
    items.push({
      id: `msg_${request.idDice.hex(50)}`,
      type: 'message',
      status: ended,
      content: [{ type: 'output_text', annotations: [], logprobs: [], text: plan.text.join('') }],
      role: 'assistant',
    });
  }
  return items;
}

function responseFrames(
  request: ProviderRequest,
  open: Item,
  closed: Item & { output: Item[] },
  plan: Plan,
): Frame[] {
  const frames: Frame[] = [];
  let sequence = 0;
  const push = (type: string, fields: object, content = false): void => {
    frames.push(typedFrame({ type, ...fields, sequence_number: sequence++ } as { type: string }, content));
  };
  push('response.created', { response: open });
  push('response.in_progress', { response: open });
  let callIndex = 0;
  closed.output.forEach((item, outputIndex) => {
    const at = { item_id: item.id, output_index: outputIndex };
    if (item.type === 'reasoning') {
      push('response.output_item.added', { output_index: outputIndex, item: { ...item, summary: [] } });
      if ((item.summary as unknown[]).length > 0) {
        const text = plan.thoughts.join('');
        push('response.reasoning_summary_part.added', {
          ...at,
          summary_index: 0,
          part: { type: 'summary_text', text: '' },
        });
        for (const delta of plan.thoughts) {
          const obfuscation = padding(request, delta);
          push(
            'response.reasoning_summary_text.delta',
            { ...at, summary_index: 0, delta, obfuscation },
            true,
          );
        }
        push('response.reasoning_summary_text.done', { ...at, summary_index: 0, text });
        push('response.reasoning_summary_part.done', {
          ...at,
          summary_index: 0,
          part: { type: 'summary_text', text },
        });
      }
    } else if (item.type === 'function_call') {
      const added = { ...item, status: 'in_progress', arguments: '' };
      push('response.output_item.added', { output_index: outputIndex, item: added });
      for (const delta of plan.calls[callIndex++]!.pieces) {
        const obfuscation = padding(request, delta);
        push('response.function_call_arguments.delta', { ...at, delta, obfuscation }, true);
      }
      push('response.function_call_arguments.done', { ...at, arguments: item.arguments, name: item.name });
    } else {
      const text = plan.text.join('');
      const part = { type: 'output_text', annotations: [], logprobs: [], text };
      const added = { ...item, status: 'in_progress', content: [] };
      push('response.output_item.added', { output_index: outputIndex, item: added });
      push('response.content_part.added', { ...at, content_index: 0, part: { ...part, text: '' } });
      for (const delta of plan.text) {
        const obfuscation = padding(request, delta);
        push(
          'response.output_text.delta',
          { ...at, content_index: 0, delta, logprobs: [], obfuscation },
          true,
        );
      }
      push('response.output_text.done', { ...at, content_index: 0, text, logprobs: [] });
      push('response.content_part.done', { ...at, content_index: 0, part });
    }
    push('response.output_item.done', { output_index: outputIndex, item });
  });
  push(`response.${closed.status as string}`, { response: closed });
  return frames;
}
