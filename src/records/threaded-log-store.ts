import type { LogPage, LogQuery, LogRow, LogStore, StoredBody } from '../core/stores/logs.ts';
import type { BodyAnswer, Command, Question } from './messages.ts';

export interface Threads {
  readonly write: (what: Command) => Promise<unknown>;
  readonly read: (what: Question) => Promise<unknown>;
}

/** Longer than this nobody waits for the newest records: what is there is shown. */
const FLUSH_MS = 500;

/**
 * The log store as the rest of the process sees it. A record that was appended before a call is seen by it, unless
 * the store is in trouble.
 */
export class ThreadedLogStore implements LogStore {
  readonly #threads: Threads;

  constructor(threads: Threads) {
    this.#threads = threads;
  }

  async list(query: LogQuery): Promise<LogPage> {
    const page = (await this.#read({ kind: 'list', query })) as LogPage;
    return page;
  }

  async find(account: string, gateway: string, id: string): Promise<LogRow | null> {
    return (await this.#read({ kind: 'find', account, gateway, id })) as LogRow | null;
  }

  async body(
    account: string,
    gateway: string,
    id: string,
    side: 'request' | 'response',
  ): Promise<StoredBody | null> {
    const found = (await this.#read({ kind: 'body', account, gateway, id, side })) as BodyAnswer | null;
    if (found === null) return null;
    const { bytes, place, contentType } = found;
    return {
      bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
      truncated: side === 'request' ? place.requestTruncated : place.responseTruncated,
      encoding: side === 'request' ? place.requestEncoding : place.responseEncoding,
      contentType,
    };
  }

  async patch(...[account, gateway, id, change]: Parameters<LogStore['patch']>): Promise<boolean> {
    await this.#flush();
    return (await this.#threads.write({ kind: 'patch', account, gateway, id, change })) as boolean;
  }

  async delete(selection: Parameters<LogStore['delete']>[0]): Promise<number> {
    await this.#flush();
    return (await this.#threads.write({ kind: 'delete', selection })) as number;
  }

  async #read(what: Question): Promise<unknown> {
    await this.#flush();
    return this.#threads.read(what);
  }

  async #flush(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, FLUSH_MS);
    });
    // A writer that is just being started again answers later; reading goes on without it.
    const flushed = this.#threads.write({ kind: 'flush' }).then(
      () => undefined,
      () => undefined,
    );
    await Promise.race([flushed, late]);
    clearTimeout(timer);
  }
}
