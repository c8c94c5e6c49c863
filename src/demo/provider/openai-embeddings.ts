import { type Answer, jsonAnswer, ProviderFailure } from './answer.ts';
import { Dice } from './dice.ts';
import { numberAt } from './loose-json.ts';
import { NOT_JSON, requireModel } from './openai-chat.ts';
import { openaiHeaders } from './openai-error.ts';
import { jsonBody, type ProviderRequest } from './provider-request.ts';
import { countTokens } from './tokens.ts';

export function answerEmbeddings(request: ProviderRequest): Answer {
  const body = jsonBody(request, NOT_JSON);
  const model = requireModel(request, body);
  const inputs = readInputs(body.input);
  if (inputs.length === 0) {
    throw new ProviderFailure(400, "'$.input' is invalid. Please check the API reference.", {
      param: 'input',
    });
  }
  const width = Math.min(
    4096,
    Math.max(1, numberAt(body, 'dimensions') ?? (/large/.test(model) ? 3072 : 1536)),
  );
  const data = inputs.map((input, index) => {
    const vector = embed(model, input.text, width);
    return {
      object: 'embedding',
      index,
      embedding: body.encoding_format === 'base64' ? toBase64(vector) : vector,
    };
  });
  const tokens = inputs.reduce((sum, input) => sum + input.tokens, 0);
  const usage = { prompt_tokens: tokens, total_tokens: tokens };
  return jsonAnswer({ object: 'list', data, model, usage }, openaiHeaders(request));
}

/** A string, strings, a list of token ids, or lists of token ids. */
function readInputs(input: unknown): { text: string; tokens: number }[] {
  if (typeof input === 'string') return [{ text: input, tokens: countTokens(input) }];
  if (!Array.isArray(input) || input.length === 0) return [];
  if (typeof input[0] === 'number') return [{ text: input.join(' '), tokens: input.length }];
  return input.map((item) =>
    Array.isArray(item)
      ? { text: item.join(' '), tokens: item.length }
      : { text: String(item), tokens: countTokens(String(item)) },
  );
}

/** Places of a vector that a word has a part in. */
const PLACES = 12;
/** Part of a vector, by its length, that depends on the text as a whole, so that no two texts have the same. */
const OWN_PART = 0.1;

/** A unit vector of its own for each text; texts that share many words have vectors that lie near each other. */
export function embed(model: string, text: string, width: number): number[] {
  const own = new Dice(`${model}\n${text}`);
  const vector = Array.from({ length: width }, () => own.next() * 2 - 1);
  const scale = OWN_PART / Math.hypot(...vector);
  for (let i = 0; i < width; i++) vector[i]! *= scale;
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const share = 1 / Math.sqrt(Math.max(1, words.length) * PLACES);
  for (const word of words) {
    const dice = new Dice(`${model}\n${word}`);
    for (let i = 0; i < PLACES; i++) vector[dice.below(width)]! += dice.next() < 0.5 ? share : -share;
  }
  const norm = Math.hypot(...vector);
  return vector.map((value) => Math.fround(value / norm));
}

function toBase64(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * 4);
  vector.forEach((value, index) => {
    bytes.writeFloatLE(value, index * 4);
  });
  return bytes.toString('base64');
}
