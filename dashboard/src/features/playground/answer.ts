/** What a model answered, so far or in all. */
export interface Answer {
  readonly parts: readonly AnswerPart[];
  readonly model: string | null;
  readonly finishReason: string | null;
  readonly usage: AnswerUsage;
  /** What went wrong after the answer had begun. */
  readonly error: string | null;
}

export interface AnswerUsage {
  readonly tokensIn: number | null;
  readonly tokensOut: number | null;
}

export type AnswerPart =
  | {
      readonly type: 'text' | 'thinking' | 'refusal';
      readonly text: string;
      readonly signature: string | null;
    }
  | {
      readonly type: 'tool-call';
      readonly id: string;
      readonly name: string;
      readonly argumentsText: string;
      readonly signature: string | null;
    }
  | { readonly type: 'image'; readonly mediaType: string; readonly data: string };

type TextKind = 'text' | 'thinking' | 'refusal';

export const EMPTY_ANSWER: Answer = {
  parts: [],
  model: null,
  finishReason: null,
  usage: { tokensIn: null, tokensOut: null },
  error: null,
};

/** Puts an answer together from the pieces of any format. */
export class AnswerBuilder {
  #parts: AnswerPart[] = [];
  #model: string | null = null;
  #finishReason: string | null = null;
  #usage: AnswerUsage = EMPTY_ANSWER.usage;
  #error: string | null = null;
  /** Places of the calls, by what the format tells them apart by. */
  readonly #calls = new Map<string, number>();

  answer(): Answer {
    return {
      parts: [...this.#parts],
      model: this.#model,
      finishReason: this.#finishReason,
      usage: this.#usage,
      error: this.#error,
    };
  }

  /** Joins what stands before when it is of the same kind. */
  text(type: TextKind, piece: string, signature: string | null = null): void {
    const last = this.#parts.at(-1);
    if (last?.type === type && last.signature === null)
      this.#parts[this.#parts.length - 1] = { type, text: last.text + piece, signature };
    else if (piece !== '' || signature !== null) this.#parts.push({ type, text: piece, signature });
  }

  /** A call, or more of the one that `key` stands for: the arguments come in pieces. */
  call(
    key: string,
    piece: {
      readonly id?: string | null;
      readonly name?: string | null;
      readonly argumentsText?: string;
      readonly signature?: string | null;
    },
  ): void {
    const at = this.#calls.get(key);
    const before = at === undefined ? undefined : this.#parts[at];
    if (at === undefined || before?.type !== 'tool-call') {
      this.#calls.set(key, this.#parts.length);
      this.#parts.push({
        type: 'tool-call',
        id: piece.id ?? '',
        name: piece.name ?? '',
        argumentsText: piece.argumentsText ?? '',
        signature: piece.signature ?? null,
      });
      return;
    }
    this.#parts[at] = {
      ...before,
      id: before.id || (piece.id ?? ''),
      name: before.name || (piece.name ?? ''),
      argumentsText: before.argumentsText + (piece.argumentsText ?? ''),
    };
  }

  image(mediaType: string, data: string): void {
    this.#parts.push({ type: 'image', mediaType, data });
  }

  model(name: string | null): void {
    if (name) this.#model ??= name;
  }

  finish(reason: string | null): void {
    if (reason) this.#finishReason = reason;
  }

  /** Later figures take the place of earlier ones: streams count up. */
  usage(tokensIn: number | null, tokensOut: number | null): void {
    this.#usage = {
      tokensIn: tokensIn ?? this.#usage.tokensIn,
      tokensOut: tokensOut ?? this.#usage.tokensOut,
    };
  }

  fail(problem: string): void {
    this.#error ??= problem;
  }
}

export const answerText = ({ parts }: Answer): string =>
  parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
