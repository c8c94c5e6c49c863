import type { FileToSearch, SearchMessage } from './semantic-messages.ts';

/**
 * Passes on what the file says, in order, and nothing of entries that were not heard of yet: these come over another line,
 * which may be the slower one. An entry that is told to be gone before it comes would stay for ever.
 */
export class FileWords {
  readonly #tell: (word: FileToSearch) => void;
  readonly #waiting: FileToSearch[] = [];
  /** All entries up to this number have come. */
  #heard = 0;

  constructor(tell: (word: FileToSearch) => void) {
    this.#tell = tell;
  }

  add(word: FileToSearch): void {
    this.#waiting.push(word);
    this.#pass();
  }

  /** After the message was acted on, or could not be. */
  heard(message: SearchMessage): void {
    if (message.kind === 'open') this.#heard = message.lastNumber;
    else if (message.kind === 'put') this.#heard = message.number;
    else return;
    this.#pass();
  }

  #pass(): void {
    for (;;) {
      const word = this.#waiting[0];
      if (word === undefined || ('upTo' in word && word.upTo > this.#heard)) return;
      this.#waiting.shift();
      this.#tell(word);
    }
  }
}
