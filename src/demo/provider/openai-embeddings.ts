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
    const vector = embed(`${model}\n${input.text}`, width);
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

/** A unit vector that depends on the text alone. */
export function embed(text: string, width: number): number[] {
  const dice = new Dice(text);
  const vector = Array.from({ length: width }, () => dice.next() * 2 - 1);
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
