/** The traffic shapes, known to both ends: what the load generator sends, and what the upstream answers. */

export const MODEL = 'gpt-4o-mini';
export const STREAM_EVENTS = 200;

const WORDS =
  'the gateway reads what a client sends and hands it on without change so that every token cost limit and record can be told apart from what the provider itself says about a request in its answer while streams keep their pace'.split(
    ' ',
  );

/** Text with the statistics of prose, so that compression and hashing cost what they cost in life. Same text every run. */
export function prose(length: number): string {
  let seed = 42;
  let text = '';
  while (text.length < length) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    text += `${WORDS[(seed >>> 8) % WORDS.length]}${seed % 17 === 0 ? `, ${(seed >>> 4) % 9973}. ` : ' '}`;
  }
  return text.slice(0, length);
}

/** Stands in request bodies where a number that is different in each request goes. */
export const SERIAL_MARK = '@@@@@@@@@@@@@@@@';

function chatBody(bytes: number, stream: boolean): Buffer {
  const make = (content: string): string =>
    JSON.stringify({
      model: MODEL,
      ...(stream ? { stream: true, stream_options: { include_usage: true } } : {}),
      messages: [
        { role: 'system', content: 'You are a careful assistant.' },
        { role: 'user', content: `${SERIAL_MARK} ${content}` },
      ],
      temperature: 0.2,
    });
  return Buffer.from(make(prose(bytes - make('').length)));
}

export type Shape = 'json' | 'stream' | 'upload';

export const REQUEST_BODIES: Readonly<Record<Shape, Buffer>> = {
  json: chatBody(1024, false),
  stream: chatBody(1024, true),
  upload: chatBody(1024 * 1024, false),
};

function completion(content: string): string {
  return JSON.stringify({
    id: 'chatcmpl-bench0000000000000000000',
    object: 'chat.completion',
    created: 1760000000,
    model: 'gpt-4o-mini-2024-07-18',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content, refusal: null, annotations: [] },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    usage: {
      prompt_tokens: 231,
      completion_tokens: 97,
      total_tokens: 328,
      prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
    },
    service_tier: 'default',
    system_fingerprint: 'fp_bench',
  });
}

export const JSON_REPLY = Buffer.from(completion(prose(1024 - completion('').length)));
export const UPLOAD_REPLY = Buffer.from(completion('Read.'));

function streamEvent(choices: unknown[], usage: unknown): string {
  return `data: ${JSON.stringify({
    id: 'chatcmpl-bench0000000000000000000',
    object: 'chat.completion.chunk',
    created: 1760000000,
    model: 'gpt-4o-mini-2024-07-18',
    service_tier: 'default',
    system_fingerprint: 'fp_bench',
    choices,
    usage,
    obfuscation: 'x1Yz',
  })}\n\n`;
}

/** STREAM_EVENTS events, the last two being the finish reason and the usage; `[DONE]` comes after them. */
export const STREAM_REPLY: readonly string[] = Array.from({ length: STREAM_EVENTS }, (_, index) => {
  if (index === STREAM_EVENTS - 1)
    return streamEvent([], {
      prompt_tokens: 231,
      completion_tokens: STREAM_EVENTS - 2,
      total_tokens: 231 + STREAM_EVENTS - 2,
    });
  if (index === STREAM_EVENTS - 2)
    return streamEvent([{ index: 0, delta: {}, logprobs: null, finish_reason: 'stop' }], null);
  const content = ` ${WORDS[index % WORDS.length]}`;
  const delta = index === 0 ? { role: 'assistant', content, refusal: null } : { content };
  return streamEvent([{ index: 0, delta, logprobs: null, finish_reason: null }], null);
});

export const STREAM_END = 'data: [DONE]\n\n';
export const STREAM_BYTES = STREAM_REPLY.join('').length + STREAM_END.length;
