import type { Conversation, ConversationStore } from '../core/conversation.ts';
import type {
  AnalyticsAnswer,
  AnalyticsQuery,
  AnalyticsStore,
  SessionPage,
  SessionQuery,
  SessionRow,
} from '../core/stores/analytics.ts';
import type { LogTailStore, TailPage, TailQuery } from '../core/stores/log-tail.ts';
import type { LogPage, LogQuery, LogRow, LogStore, StoredBody } from '../core/stores/logs.ts';
import type { BodyAnswer, Command, Question } from './messages.ts';

export interface Threads {
  readonly write: (what: Command) => Promise<unknown>;
  readonly read: (what: Question) => Promise<unknown>;
}

/** Longer than this nobody waits for the newest records: what is there is shown. */
const FLUSH_MS = 1500;
/** While the writer is known to be further behind than that. */
const BEHIND_MS = 100;

/**
 * The log store as the rest of the process sees it. A record that was appended before a call is seen by it, unless
 * the store is in trouble.
 */
export class ThreadedLogStore implements LogStore, LogTailStore, ConversationStore, AnalyticsStore {
  readonly #threads: Threads;
  /** Flushes that were waited for in vain and are still not answered. */
  #behind = 0;

  constructor(threads: Threads) {
    this.#threads = threads;
  }

  async list(query: LogQuery): Promise<LogPage> {
    return (await this.#read({ kind: 'list', query })) as LogPage;
  }

  async aggregate(query: AnalyticsQuery): Promise<AnalyticsAnswer> {
    return (await this.#read({ kind: 'aggregate', query })) as AnalyticsAnswer;
  }

  async sessions(query: SessionQuery): Promise<SessionPage> {
    return (await this.#read({ kind: 'sessions', query })) as SessionPage;
  }

  async findSession(account: string, gateway: string, id: string): Promise<SessionRow | null> {
    return (await this.#read({ kind: 'session', account, gateway, id })) as SessionRow | null;
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

  async newest(): Promise<number> {
    return (await this.#read({ kind: 'newest' })) as number;
  }

  async tail(query: TailQuery): Promise<TailPage> {
    return (await this.#read({ kind: 'tail', query })) as TailPage;
  }

  async conversation(account: string, gateway: string, id: string): Promise<Conversation | null> {
    return (await this.#read({ kind: 'conversation', account, gateway, id })) as Conversation | null;
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
      timer = setTimeout(resolve, this.#behind > 0 ? BEHIND_MS : FLUSH_MS);
    });
    let state: 'asked' | 'late' | 'done' = 'asked';
    const settle = (): void => {
      if (state === 'late') this.#behind--;
      state = 'done';
    };
    // A writer that is just being started again answers later; reading goes on without it.
    const flushed = this.#threads.write({ kind: 'flush' }).then(settle, settle);
    await Promise.race([
      flushed,
      late.then(() => {
        if (state !== 'asked') return;
        state = 'late';
        this.#behind++;
      }),
    ]);
    clearTimeout(timer);
  }
}
