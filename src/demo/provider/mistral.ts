import {
  type Answer,
  DONE_FRAME,
  dataFrame,
  type Frame,
  jsonAnswer,
  ProviderFailure,
  streamAnswer,
  type WholeAnswer,
} from './answer.ts';
import { compose, type Plan } from './compose.ts';
import { listAt, numberAt, textAt } from './loose-json.ts';
import { embed } from './openai-embeddings.ts';
import { chatParts, chatPrompt, promptTokens } from './openai-prompt.ts';
import {
  bareModel,
  bearer,
  type Family,
  isKnownModel,
  jsonBody,
  type ProviderRequest,
} from './provider-request.ts';
import { countTokens } from './tokens.ts';

const FINISH = { stop: 'stop', length: 'length', tools: 'tool_calls', refusal: 'error' } as const;

/** Type, message and code of each status. */
const USUAL: Readonly<Record<number, readonly [string, string, string | null]>> = {
  400: ['invalid_request_error', 'Invalid request', '3000'],
  404: ['invalid_request_error', 'Not found', null],
  413: ['invalid_request_error', 'Request body is too large', '3051'],
  422: ['invalid_request_error', 'Invalid request', null],
  429: ['rate_limited', 'Rate limit exceeded', '1300'],
  500: ['internal_server_error', 'Service unavailable.', '1000'],
  503: ['internal_server_error', 'Internal server error', '3700'],
};

function failure(status: number): ProviderFailure {
  if (status === 401) return new ProviderFailure(401, 'Unauthorized');
  const message = (USUAL[status] ?? USUAL[status >= 500 ? 500 : 400]!)[1];
  return new ProviderFailure(status, message, status === 429 ? { retryAfter: '1' } : {});
}

function errorBody(raised: ProviderFailure): Record<string, unknown> {
  if (raised.status === 401) return { detail: raised.message };
  const [type, , code] = USUAL[raised.status] ?? USUAL[raised.status >= 500 ? 500 : 400]!;
  return {
    object: 'error',
    message: raised.message,
    type: raised.code ?? type,
    param: raised.param,
    code,
    raw_status_code: raised.status,
  };
}

function headers(request: ProviderRequest): Record<string, string> {
  const id = request.idDice.uuid();
  return {
    'mistral-correlation-id': id,
    'x-kong-request-id': id,
    'x-kong-upstream-latency': String(80 + request.dice.below(200)),
    'x-ratelimit-limit-req-minute': '500',
    'x-ratelimit-remaining-req-minute': String(request.remainingRequests),
    'x-ratelimit-limit-tokens-minute': '500000',
    'x-ratelimit-remaining-tokens-minute': '499000',
  };
}

function requireModel(request: ProviderRequest, body: unknown): string {
  const model = textAt(body, 'model');
  if (model === null) throw new ProviderFailure(422, 'Field required: model');
  const bare = bareModel(model);
  if (!isKnownModel(request, bare)) {
    throw new ProviderFailure(400, `Invalid model: ${bare}`, { code: 'invalid_model' });
  }
  return bare;
}

/** Mistral: OpenAI's shape with ids, errors and stream endings of its own. */
export const mistral: Family = {
  id: 'mistral',

  authorize(request) {
    const key = bearer(request.headers);
    if (key === null || !request.acceptsKey(key)) throw failure(401);
  },

  answer(request) {
    const path = request.path.replace(/^\/v1(?=\/)/, '');
    if (path === '/chat/completions' || path === '/fim/completions') return answerChat(request);
    if (path === '/embeddings') return answerEmbeddings(request);
    if (path === '/models' && request.method === 'GET') {
      const ids = request.knownModels ?? ['mistral-small-latest', 'mistral-large-latest', 'mistral-embed'];
      const data = ids.map((id) => ({ id, object: 'model', created: 1_760_000_000, owned_by: 'mistralai' }));
      return jsonAnswer({ object: 'list', data }, headers(request));
    }
    throw new ProviderFailure(404, 'no Route matched with those values');
  },

  fail(request, raised): WholeAnswer {
    const given = headers(request);
    if (raised.retryAfter !== null) given['retry-after'] = raised.retryAfter;
    return jsonAnswer(errorBody(raised), given, raised.status);
  },

  failFrame: (_request, raised) => dataFrame(errorBody(raised)).bytes,

  failure,
};

function content(plan: Plan, thoughts: string, text: string): unknown {
  if (plan.thoughts.length === 0) return text;
  const parts: object[] = [];
  if (thoughts !== '') parts.push({ type: 'thinking', thinking: [{ type: 'text', text: thoughts }] });
  if (text !== '') parts.push({ type: 'text', text });
  return parts;
}

function answerChat(request: ProviderRequest): Answer {
  const body = jsonBody(request, 'Invalid JSON in request body');
  const model = requireModel(request, body);
  const isFim = typeof body.prompt === 'string';
  const given = isFim ? { ...body, messages: [{ role: 'user', content: body.prompt }] } : body;
  const parts = chatParts(given);
  const cachedTokens = request.promptCache.automatic(`${request.principal}\n${model}`, parts);
  const prompt = chatPrompt(given);
  const thinkingTokens = /^magistral/.test(model) ? 24 : prompt.thinkingTokens;
  const plan = compose({ ...prompt, thinkingTokens }, request.dice, request.fault);
  const inputTokens = promptTokens(parts);
  const usage = {
    prompt_tokens: inputTokens,
    total_tokens: inputTokens + plan.outputTokens,
    completion_tokens: plan.outputTokens,
    ...(cachedTokens > 0 ? { prompt_tokens_details: { cached_tokens: cachedTokens } } : {}),
  };
  const base = {
    id: request.idDice.hex(32),
    created: Math.floor(request.nowMs / 1000),
    model,
  };
  const calls = plan.calls.map((call, index) => ({
    id: request.idDice.letters(9),
    function: { name: call.name, arguments: call.pieces.join('') },
    index,
  }));
  const finish = FINISH[plan.finish];
  if (body.stream !== true) {
    const message = {
      role: 'assistant',
      tool_calls: calls.length > 0 ? calls : null,
      content: content(plan, plan.thoughts.join(''), plan.text.join('')),
    };
    const choices = [{ index: 0, finish_reason: finish, message }];
    const whole = { ...base, object: 'chat.completion', usage, choices };
    return jsonAnswer(whole, headers(request), 200, plan.outputTokens);
  }
  const frames: Frame[] = [];
  const chunk = (delta: object, reason: string | null, isContent: boolean, more: object = {}): void => {
    const choices = [{ index: 0, delta, finish_reason: reason }];
    frames.push(dataFrame({ ...base, object: 'chat.completion.chunk', choices, ...more }, isContent));
  };
  chunk({ role: 'assistant', content: '' }, null, false);
  for (const piece of plan.thoughts) chunk({ content: content(plan, piece, '') }, null, true);
  for (const piece of plan.text) chunk({ content: content(plan, '', piece) }, null, true);
  // Tool calls come whole, in the last chunk, which is also the one with the usage.
  const last = calls.length > 0 ? { tool_calls: calls } : { content: '' };
  chunk(last, finish, calls.length > 0, { usage });
  frames.push(DONE_FRAME);
  return streamAnswer(frames, headers(request));
}

function answerEmbeddings(request: ProviderRequest): Answer {
  const body = jsonBody(request, 'Invalid JSON in request body');
  const model = requireModel(request, body);
  const texts = typeof body.input === 'string' ? [body.input] : listAt(body, 'input').map(String);
  const width = numberAt(body, 'output_dimension') ?? 1024;
  const data = texts.map((text, index) => ({
    object: 'embedding',
    embedding: embed(model, text, Math.min(3072, Math.max(1, width))),
    index,
  }));
  const tokens = texts.reduce((sum, text) => sum + countTokens(text), 0);
  const usage = { prompt_tokens: tokens, total_tokens: tokens, completion_tokens: 0 };
  return jsonAnswer({ id: request.idDice.hex(32), object: 'list', data, model, usage }, headers(request));
}
