/**
 * The text of an answer while it arrives, whatever provider wrote it: enough to read along. When it has ended, the gateway's
 * own reading of the record takes its place.
 */
export class AnswerText {
  #rest = '';
  #text = '';
  readonly #isStream: boolean;
  readonly #decoder = new TextDecoder();

  constructor(contentType: string | null) {
    this.#isStream = /event-?stream/i.test(contentType ?? '');
  }

  /** The text so far. */
  push(chunk: Uint8Array): string {
    this.#rest += this.#decoder.decode(chunk, { stream: true });
    if (this.#isStream) {
      const lines = this.#rest.split(/\r\n|\n|\r/);
      this.#rest = lines.pop() ?? '';
      for (const line of lines) this.#text += lineText(line);
    }
    return this.#text;
  }

  end(): string {
    if (this.#isStream) return this.#text + lineText(this.#rest);
    try {
      return textOf(JSON.parse(this.#rest)) || this.#rest;
    } catch {
      return this.#rest;
    }
  }
}

function lineText(line: string): string {
  if (!line.startsWith('data:')) return '';
  try {
    return textOf(JSON.parse(line.slice(5)));
  } catch {
    // `[DONE]`, or an event that is no JSON.
    return '';
  }
}

type Loose = Readonly<Record<string, unknown>>;

const fields = (value: unknown): Loose =>
  typeof value === 'object' && value !== null ? (value as Loose) : {};
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const joined = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : list(value)
        .map((part) => text(fields(part).text))
        .join('');

/** Text that an event or a whole answer adds: OpenAI chat and responses, Anthropic, Google, Cohere, Bedrock. */
function textOf(value: unknown): string {
  const event = fields(value);
  const type = text(event.type);
  if (type === 'response.output_text.delta') return text(event.delta);
  // The responses format says everything a second time at the end.
  if (type.startsWith('response.')) return '';
  const choice = fields(list(event.choices)[0]);
  if (event.choices !== undefined)
    return joined(fields(choice.delta ?? choice.message).content) || text(choice.text);
  if (event.candidates !== undefined) {
    const { content } = fields(list(event.candidates)[0]);
    return list(fields(content).parts)
      .map((part) => (fields(part).thought === true ? '' : text(fields(part).text)))
      .join('');
  }
  if (event.contentBlockDelta !== undefined) return text(fields(fields(event.contentBlockDelta).delta).text);
  if (type === 'content-delta') return joined(fields(fields(fields(event.delta).message).content).text);
  if (event.delta !== undefined) return text(fields(event.delta).text);
  if (Array.isArray(event.output)) return event.output.map((item) => joined(fields(item).content)).join('');
  const message = fields(event.message ?? fields(event.output).message);
  if (type === '' || type === 'message') return joined(event.content) || joined(message.content);
  return '';
}
