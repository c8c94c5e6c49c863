import { crc32, deflateSync } from 'node:zlib';
import {
  type Answer,
  jsonAnswer,
  ProviderFailure,
  streamAnswer,
  typedFrame,
  type WholeAnswer,
} from './answer.ts';
import { compose, textPrompt } from './compose.ts';
import type { Dice } from './dice.ts';
import { isObject, numberAt, textAt } from './loose-json.ts';
import { readMultipart } from './multipart.ts';
import { NOT_JSON, requireModel } from './openai-chat.ts';
import { openaiHeaders } from './openai-error.ts';
import { contentText } from './openai-prompt.ts';
import { header, jsonBody, type ProviderRequest } from './provider-request.ts';
import { countTokens } from './tokens.ts';

export function answerImages(request: ProviderRequest): Answer {
  const body = jsonBody(request, NOT_JSON);
  const model = textAt(body, 'model') === null ? 'dall-e-2' : requireModel(request, body);
  const prompt = textAt(body, 'prompt');
  if (prompt === null) {
    throw new ProviderFailure(400, "Missing required parameter: 'prompt'.", { param: 'prompt' });
  }
  const count = Math.min(10, Math.max(1, numberAt(body, 'n') ?? 1));
  const asUrl =
    body.response_format === 'url' || (/^dall-e/.test(model) && body.response_format !== 'b64_json');
  const data = Array.from({ length: count }, () =>
    asUrl
      ? { url: `https://images.example.invalid/${request.idDice.hex(16)}.png` }
      : { b64_json: tinyPng(request.dice).toString('base64') },
  );
  const created = Math.floor(request.nowMs / 1000);
  if (/^dall-e/.test(model)) return jsonAnswer({ created, data }, openaiHeaders(request), 200, 100);
  const inputTokens = countTokens(prompt);
  const outputTokens = 272 * count;
  const usage = {
    input_tokens: inputTokens,
    input_tokens_details: { image_tokens: 0, text_tokens: inputTokens },
    output_tokens: outputTokens,
    output_tokens_details: { image_tokens: outputTokens, text_tokens: 0 },
    total_tokens: inputTokens + outputTokens,
  };
  const look = { background: 'opaque', output_format: 'png', quality: 'low', size: '1024x1024' };
  return jsonAnswer({ created, ...look, data, usage }, openaiHeaders(request), 200, 100);
}

/** A valid PNG of one pixel, of a colour of the request's own. */
export function tinyPng(dice: Dice): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const framed = Buffer.alloc(named.length + 8);
    framed.writeUInt32BE(data.length, 0);
    named.copy(framed, 4);
    framed.writeUInt32BE(crc32(named), named.length + 4);
    return framed;
  };
  const header = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0]);
  const pixel = Buffer.from([0, dice.below(256), dice.below(256), dice.below(256)]);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(pixel)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Speech is a short WAV tone, whatever format is asked for: the bytes are only there to be carried. */
export function answerSpeech(request: ProviderRequest): WholeAnswer {
  const body = jsonBody(request, NOT_JSON);
  requireModel(request, body);
  const input = textAt(body, 'input');
  if (input === null) {
    throw new ProviderFailure(400, "Missing required parameter: 'input'.", { param: 'input' });
  }
  const format = textAt(body, 'response_format') ?? 'mp3';
  const type = {
    mp3: 'audio/mpeg',
    opus: 'audio/ogg',
    aac: 'audio/aac',
    flac: 'audio/flac',
    pcm: 'audio/pcm',
  };
  const contentType = type[format as keyof typeof type] ?? 'audio/wav';
  return {
    kind: 'whole',
    status: 200,
    headers: { 'content-type': contentType, ...openaiHeaders(request) },
    body: wavTone(Math.min(1600, 160 + input.length * 8)),
    tokens: countTokens(input),
  };
}

function wavTone(samples: number): Buffer {
  const wav = Buffer.alloc(44 + samples, 0x80);
  wav.write('RIFF', 0, 'latin1');
  wav.writeUInt32LE(36 + samples, 4);
  wav.write('WAVEfmt ', 8, 'latin1');
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(8000, 24);
  wav.writeUInt32LE(8000, 28);
  wav.writeUInt16LE(1, 32);
  wav.writeUInt16LE(8, 34);
  wav.write('data', 36, 'latin1');
  wav.writeUInt32LE(samples, 40);
  for (let i = 0; i < samples; i++) wav[44 + i] = 128 + Math.round(60 * Math.sin(i / 3));
  return wav;
}

export function answerTranscription(request: ProviderRequest): Answer {
  const contentType = header(request.headers, 'content-type') ?? '';
  const form = readMultipart(request.body, contentType);
  if (!form) {
    throw new ProviderFailure(
      400,
      `[{'type': 'missing', 'loc': ('body', 'file'), 'msg': 'Field required', 'input': None}]`,
    );
  }
  const file = form.find((part) => part.name === 'file');
  const field = (name: string): string | null =>
    form.find((part) => part.name === name)?.content.toString('utf8') ?? null;
  if (!file) throw new ProviderFailure(400, 'A file is required.', { param: 'file' });
  const model = requireModel(request, { model: field('model') });
  const text = speak(request, `audio of ${file.content.length} bytes`);
  const headers = openaiHeaders(request);
  const outputTokens = countTokens(text);
  const seconds = Math.max(1, Math.round(file.content.length / 8000));
  const usage =
    model === 'whisper-1'
      ? { type: 'duration', seconds }
      : {
          type: 'tokens',
          input_tokens: 10 * seconds,
          input_token_details: { text_tokens: 0, audio_tokens: 10 * seconds },
          output_tokens: outputTokens,
          total_tokens: 10 * seconds + outputTokens,
        };
  if (field('stream') === 'true' && model !== 'whisper-1') {
    const pieces = text
      .split(/(?<= )/)
      .map((delta) => typedFrame({ type: 'transcript.text.delta', delta } as never, true));
    return streamAnswer(
      [...pieces, typedFrame({ type: 'transcript.text.done', text, usage } as never)],
      headers,
    );
  }
  const format = field('response_format') ?? 'json';
  if (format === 'json') return jsonAnswer({ text, usage }, headers, 200, outputTokens);
  if (format === 'verbose_json') {
    const verbose = { task: 'transcribe', language: 'english', duration: seconds, text, segments: [], usage };
    return jsonAnswer(verbose, headers, 200, outputTokens);
  }
  return {
    kind: 'whole',
    status: 200,
    headers: { 'content-type': 'text/plain; charset=utf-8', ...headers },
    body: Buffer.from(`${text}\n`),
    tokens: outputTokens,
  };
}

function speak(request: ProviderRequest, text: string): string {
  return compose(textPrompt(text), request.dice, request.fault).text.join('');
}

const HARMS = [
  'harassment',
  'harassment/threatening',
  'hate',
  'hate/threatening',
  'illicit',
  'illicit/violent',
  'self-harm',
  'self-harm/intent',
  'self-harm/instructions',
  'sexual',
  'sexual/minors',
  'violence',
  'violence/graphic',
];

/** Flags violence where the input speaks of it, and nothing else. */
export function answerModerations(request: ProviderRequest): Answer {
  const body = jsonBody(request, NOT_JSON);
  const model = textAt(body, 'model') ?? 'omni-moderation-latest';
  const given = body.input;
  if (given === undefined)
    throw new ProviderFailure(400, "Missing required parameter: 'input'.", { param: 'input' });
  const multimodal = Array.isArray(given) && given.some(isObject);
  const texts = multimodal
    ? [contentText(given)]
    : Array.isArray(given)
      ? given.map(String)
      : [String(given)];
  const results = texts.map((text) => {
    const flagged = /\b(kill|attack|murder)\b/i.test(text);
    const by = <T>(yes: T, no: T): Record<string, T> =>
      Object.fromEntries(HARMS.map((harm) => [harm, flagged && harm === 'violence' ? yes : no]));
    return {
      flagged,
      categories: by(true, false),
      category_scores: by(0.93, 0.0001),
      category_applied_input_types: by(['text'], ['text']),
    };
  });
  return jsonAnswer({ id: `modr-${request.idDice.hex(32)}`, model, results }, openaiHeaders(request));
}
