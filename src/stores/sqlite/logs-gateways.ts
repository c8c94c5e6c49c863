import type { LogPolicy } from '../../core/stores/log-writer.ts';
import type { Database, Statement } from './database.ts';

/** A gateway with its number in the tables and its row count, which is kept, never counted. */
export class GatewayRows {
  readonly ref: number;
  readonly account: string;
  readonly gateway: string;
  policy: LogPolicy | null = null;
  /** As stored. */
  rows: number;
  /** Change within the open transaction. */
  added = 0;

  constructor(ref: number, account: string, gateway: string, rows: number) {
    this.ref = ref;
    this.account = account;
    this.gateway = gateway;
    this.rows = rows;
  }

  isFull(): boolean {
    const policy = this.policy;
    if (policy === null || policy.maxRows === null || policy.strategy === 'DELETE_OLDEST') return false;
    return this.rows + this.added >= policy.maxRows;
  }

  /** Rows that DELETE_OLDEST has to remove. */
  excess(): number {
    const policy = this.policy;
    if (policy === null || policy.maxRows === null || policy.strategy !== 'DELETE_OLDEST') return 0;
    return Math.max(0, this.rows - policy.maxRows);
  }
}

export class GatewayTable {
  readonly #byName = new Map<string, GatewayRows>();
  readonly #byRef = new Map<number, GatewayRows>();
  readonly #insert: Statement;
  readonly #update: Statement;
  #policies = new Map<string, LogPolicy>();
  /** Made within the open transaction: forgotten with it. */
  readonly #fresh: GatewayRows[] = [];

  constructor(database: Database) {
    this.#insert = database.prepare('INSERT INTO gateways (account, gateway) VALUES (?, ?)');
    this.#update = database.prepare('UPDATE gateways SET row_count = row_count + ? WHERE ref = ?');
    for (const row of database.prepare('SELECT ref, account, gateway, row_count FROM gateways').all()) {
      this.#remember(
        new GatewayRows(Number(row.ref), String(row.account), String(row.gateway), Number(row.row_count)),
      );
    }
  }

  applyPolicies(policies: readonly LogPolicy[]): void {
    this.#policies = new Map(policies.map((policy) => [nameOf(policy.account, policy.gateway), policy]));
    for (const [name, gateway] of this.#byName) gateway.policy = this.#policies.get(name) ?? null;
  }

  /** Creates it when it is new; within a transaction. */
  find(account: string, gateway: string): GatewayRows {
    const name = nameOf(account, gateway);
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    const ref = Number(this.#insert.run(account, gateway).lastInsertRowid);
    const made = new GatewayRows(ref, account, gateway, 0);
    this.#remember(made);
    this.#fresh.push(made);
    return made;
  }

  known(account: string, gateway: string): GatewayRows | null {
    return this.#byName.get(nameOf(account, gateway)) ?? null;
  }

  get(ref: number): GatewayRows {
    return this.#byRef.get(ref)!;
  }

  all(): IterableIterator<GatewayRows> {
    return this.#byName.values();
  }

  /** Stores the changed counts; within the transaction. */
  write(): void {
    for (const gateway of this.#byRef.values()) {
      if (gateway.added !== 0) this.#update.run(gateway.added, gateway.ref);
    }
  }

  /** The transaction holds. */
  settle(): void {
    for (const gateway of this.#byRef.values()) {
      gateway.rows += gateway.added;
      gateway.added = 0;
    }
    this.#fresh.length = 0;
  }

  /** The transaction is over; nothing happens after settle(). */
  discard(): void {
    for (const gateway of this.#byRef.values()) gateway.added = 0;
    for (const gateway of this.#fresh) {
      this.#byName.delete(nameOf(gateway.account, gateway.gateway));
      this.#byRef.delete(gateway.ref);
    }
    this.#fresh.length = 0;
  }

  countRows(): number {
    let rows = 0;
    for (const gateway of this.#byRef.values()) rows += gateway.rows;
    return rows;
  }

  #remember(gateway: GatewayRows): void {
    const name = nameOf(gateway.account, gateway.gateway);
    gateway.policy = this.#policies.get(name) ?? null;
    this.#byName.set(name, gateway);
    this.#byRef.set(gateway.ref, gateway);
  }
}

function nameOf(account: string, gateway: string): string {
  return `${account}\u0000${gateway}`;
}
