/** What is degraded, and what still works. Shown by /healthz. */
export interface Degradation {
  /** spool, log-store, cache-disk, counters, secrets, file-descriptors … */
  readonly component: string;
  readonly message: string;
  readonly since: number;
}

/** Components report here; nobody on the request path waits for it. */
export class Health {
  readonly #degraded = new Map<string, Degradation>();
  /** Counts of things lost or refused, by name: must be 0 on a good day. */
  readonly counters = new Map<string, number>();

  degrade(component: string, message: string, nowMs: number): void {
    const known = this.#degraded.get(component);
    this.#degraded.set(component, { component, message, since: known?.since ?? nowMs });
  }

  recover(component: string): void {
    this.#degraded.delete(component);
  }

  isDegraded(component: string): boolean {
    return this.#degraded.has(component);
  }

  count(name: string, by = 1): void {
    this.counters.set(name, (this.counters.get(name) ?? 0) + by);
  }

  list(): Degradation[] {
    return [...this.#degraded.values()];
  }
}
