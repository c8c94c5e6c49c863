import type { Tokenizer } from '@huggingface/tokenizers';

/** Tokens of a text or a pair, as the graphs take them. */
export interface Tokens {
  readonly ids: readonly number[];
  readonly typeIds: readonly number[];
}

/**
 * Reads texts as the model's tokenizer does, except that words like `[SEP]` are words: a text that could write the mark
 * between two questions could tell the verifier what to think of them.
 */
export class TokenReader {
  readonly #tokenizer: Tokenizer;
  readonly #marks: RegExp | null;

  constructor(tokenizer: Tokenizer) {
    this.#tokenizer = tokenizer;
    const marks = [...tokenizer.get_added_tokens_decoder().values()]
      .filter((token) => token.special && token.content !== '')
      .map((token) => token.content.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    this.#marks = marks.length === 0 ? null : new RegExp(marks.join('|'), 'gi');
  }

  read(text: string, pair: string | null): Tokens {
    const { ids, token_type_ids: typeIds } = this.#tokenizer.encode(this.#plain(text), {
      text_pair: pair === null ? null : this.#plain(pair),
      return_token_type_ids: true,
    });
    return { ids, typeIds: typeIds ?? ids.map(() => 0) };
  }

  #plain(text: string): string {
    if (this.#marks === null) return text;
    // A space after the first character leaves the same letters to be read, and no mark.
    return text.replace(this.#marks, (mark) => `${mark[0]} ${mark.slice(1)}`);
  }
}
