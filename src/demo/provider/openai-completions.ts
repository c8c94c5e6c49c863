import { type Answer, DONE_FRAME, dataFrame, type Frame, jsonAnswer, streamAnswer } from './answer.ts';
import { compose, textPrompt } from './compose.ts';
import { numberAt, objectAt } from './loose-json.ts';
import { NOT_JSON, requireModel } from './openai-chat.ts';
import { openaiHeaders } from './openai-error.ts';
import { readStop } from './openai-prompt.ts';
import { jsonBody, type ProviderRequest } from './provider-request.ts';
import { countTokens } from './tokens.ts';

/** The legacy text completion. It stops after 16 tokens unless told otherwise. */
export function answerCompletions(request: ProviderRequest): Answer {
  const body = jsonBody(request, NOT_JSON);
  const model = requireModel(request, body);
  const text = Array.isArray(body.prompt) ? body.prompt.join('\n') : String(body.prompt ?? '<|endoftext|>');
  const plan = compose(
    textPrompt(text, { maxTokens: numberAt(body, 'max_tokens') ?? 16, stop: readStop(body.stop) }),
    request.dice,
    request.fault,
  );
  const inputTokens = countTokens(text);
  const usage = {
    prompt_tokens: inputTokens,
    completion_tokens: plan.outputTokens,
    total_tokens: inputTokens + plan.outputTokens,
  };
  const base = {
    id: `cmpl-${request.idDice.letters(29)}`,
    object: 'text_completion',
    created: Math.floor(request.nowMs / 1000),
    model,
  };
  const finish = plan.finish === 'refusal' ? 'content_filter' : plan.finish;
  const choice = (piece: string, reason: string | null): object[] => [
    { text: piece, index: 0, logprobs: null, finish_reason: reason },
  ];
  const headers = openaiHeaders(request);
  if (body.stream !== true) {
    const choices = choice(plan.text.join(''), finish);
    return jsonAnswer({ ...base, choices, usage }, headers, 200, plan.outputTokens);
  }
  const wantsUsage = objectAt(body, 'stream_options').include_usage === true;
  const empty = wantsUsage ? { usage: null } : {};
  const frames: Frame[] = plan.text.map((piece) =>
    dataFrame({ ...base, choices: choice(piece, null), ...empty }, true),
  );
  frames.push(dataFrame({ ...base, choices: choice('', finish), ...empty }));
  if (wantsUsage) frames.push(dataFrame({ ...base, choices: [], usage }));
  frames.push(DONE_FRAME);
  return streamAnswer(frames, headers);
}
