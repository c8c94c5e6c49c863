const FREE_FAILURES = 10;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;
const FORGET_AFTER_MS = 15 * 60_000;
const MAX_ADDRESSES = 10_000;
const MAX_KNOWN_TOKENS = 16;

interface Memory {
  failures: number;
  blockedUntil: number;
  lastAt: number;
  /** Hashes of tokens that were right from this address: they pass while it is blocked. */
  readonly known: Set<string>;
}

/**
 * Slows down guessing, per address. While an address is blocked, only tokens that it has already used with success
 * are looked at: users behind the same proxy as the guesser go on, and a right guess is not told from a wrong one.
 */
export class FailedLogins {
  /** In order of last use, so that the oldest goes first when there are too many. */
  readonly #memories = new Map<string, Memory>();

  /** Ms for which `hash` must not be tried from `address`; 0 when it may be. */
  pauseMs(address: string, hash: string, nowMs: number): number {
    const memory = this.#find(address, nowMs);
    if (memory === null || memory.known.has(hash)) return 0;
    return Math.max(0, memory.blockedUntil - nowMs);
  }

  failed(address: string, nowMs: number): void {
    const memory = this.#touch(address, nowMs);
    memory.failures++;
    const over = memory.failures - FREE_FAILURES;
    if (over >= 0) {
      memory.blockedUntil = nowMs + Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(over, 10));
    }
  }

  succeeded(address: string, hash: string, nowMs: number): void {
    const memory = this.#touch(address, nowMs);
    memory.known.delete(hash);
    memory.known.add(hash);
    if (memory.known.size > MAX_KNOWN_TOKENS) memory.known.delete(memory.known.values().next().value!);
  }

  get size(): number {
    return this.#memories.size;
  }

  #find(address: string, nowMs: number): Memory | null {
    const memory = this.#memories.get(block(address));
    if (memory === undefined) return null;
    if (nowMs - memory.lastAt <= FORGET_AFTER_MS) return memory;
    this.#memories.delete(block(address));
    return null;
  }

  #touch(address: string, nowMs: number): Memory {
    const key = block(address);
    const memory = this.#find(address, nowMs) ?? {
      failures: 0,
      blockedUntil: 0,
      lastAt: nowMs,
      known: new Set<string>(),
    };
    memory.lastAt = nowMs;
    this.#memories.delete(key);
    this.#memories.set(key, memory);
    if (this.#memories.size > MAX_ADDRESSES) this.#memories.delete(this.#memories.keys().next().value!);
    return memory;
  }
}

/** One customer of IPv6 has a /64: its 2^64 addresses are one guesser. */
function block(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped !== null) return mapped[1]!;
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.toLowerCase().split('%')[0]!.split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const middle = tail === undefined ? 0 : Math.max(0, 8 - front.length - back.length);
  const groups = [...front, ...Array<string>(middle).fill('0'), ...back];
  return groups.slice(0, 4).join(':');
}
