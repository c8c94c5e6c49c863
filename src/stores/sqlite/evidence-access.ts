import type { Clock } from '../../core/clock.ts';
import type { Pause } from '../../core/stores/semantic-evidence.ts';
import { isDamage, setAside } from './database.ts';
import { type EvidenceFile, type GatewayRow, isThere, openEvidenceFile } from './evidence-file.ts';

export interface EvidenceAccessOptions {
  readonly path: string;
  readonly clock: Clock;
  /** The file was damaged and set aside, or cannot be used now. For people. */
  onTrouble(message: string): void;
}

/** A file that cannot be opened may be one later. */
const RETRY_MS = 60_000;

/** The way to the file: opened on first use, made anew after damage, left alone for a while when it cannot be opened. */
export class EvidenceAccess {
  readonly #options: EvidenceAccessOptions;
  readonly #onLoss: () => void;
  #file: EvidenceFile | null = null;
  /** Why it cannot be used; null while it can. */
  broken: Pause | null = null;

  /** `onLoss` is told when what was in the file is gone. */
  constructor(options: EvidenceAccessOptions, onLoss: () => void) {
    this.#options = options;
    this.#onLoss = onLoss;
  }

  /** `none` where there is no file, unless it is to be made, and where it cannot be used. Throws what is not damage. */
  use<T>(isMade: boolean, none: T, work: (file: EvidenceFile) => T): T {
    const file = this.#open(isMade);
    if (file === null) return none;
    try {
      return work(file);
    } catch (error) {
      if (!isDamage(error)) throw error;
      this.close();
      this.#tellOfDamage(setAside(this.#options.path, this.#options.clock.now()));
      return none;
    }
  }

  /** What is known of a gateway; `none` where nothing was ever written. */
  ofGateway<T>(
    account: string,
    gateway: string,
    none: T,
    work: (file: EvidenceFile, row: GatewayRow) => T,
  ): T {
    return this.use(false, none, (file) => {
      const row = file.findGateway(account, gateway);
      return row === null ? none : work(file, row);
    });
  }

  close(): void {
    this.#file?.database.close();
    this.#file = null;
  }

  #open(isMade: boolean): EvidenceFile | null {
    if (this.#file !== null) return this.#file;
    const { path, clock, onTrouble } = this.#options;
    const now = clock.now();
    if (this.broken !== null && now - this.broken.since < RETRY_MS) return null;
    try {
      if (!isMade && !isThere(path)) return null;
      const { opened: file, setAside: aside } = openEvidenceFile(path, now);
      if (aside !== null) this.#tellOfDamage(aside);
      this.#file = file;
      this.broken = null;
      return file;
    } catch (error) {
      const reason = `what was learnt about the semantic cache cannot be read: ${messageOf(error)}`;
      this.broken = { since: now, reason };
      onTrouble(reason);
      return null;
    }
  }

  #tellOfDamage(aside: string): void {
    this.#onLoss();
    this.#options.onTrouble(
      `semantic-evidence.db was damaged and is now ${aside}; what was learnt about the semantic cache, wrong answers included, begins anew`,
    );
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
