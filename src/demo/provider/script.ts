import type { IncomingHttpHeaders } from 'node:http';
import { type Fault, parseFault } from './fault.ts';
import { header } from './provider-request.ts';

/**
 * Decides what goes wrong with each request. In order of strength: the header `x-scripted-fault`, a suffix of the
 * model's name (`gpt-4o!status=429`), the queue, the standing fault.
 */
export class Script {
  readonly #queue: Fault[] = [];
  readonly #met = new Map<string, number>();
  standing: Fault = {};

  add(faults: readonly (Fault | string)[]): void {
    for (const fault of faults) this.#queue.push(typeof fault === 'string' ? parseFault(fault) : fault);
  }

  clear(): void {
    this.#queue.length = 0;
    this.#met.clear();
    this.standing = {};
  }

  choose(headers: IncomingHttpHeaders, path: string, body: Buffer): Fault {
    const written = header(headers, 'x-scripted-fault') ?? modelSuffix(path, body);
    if (written !== null) return this.#spend(parseFault(written), written);
    const queued = this.#queue.shift();
    return queued ? this.#spend(queued, 'queue') : this.#spend(this.standing, 'standing');
  }

  /** A fault with `times` is met that often, counted by its key; then the request is served. */
  #spend(fault: Fault, written: string): Fault {
    if (fault.times === undefined) return fault;
    const key = fault.key ?? written;
    const met = (this.#met.get(key) ?? 0) + 1;
    this.#met.set(key, met);
    return met <= fault.times ? fault : {};
  }
}

function modelSuffix(path: string, body: Buffer): string | null {
  const inPath = /\/models?\/[^/:!]*(?:!|%21)([^/:]+)/i.exec(path);
  if (inPath) return decodeURIComponent(inPath[1]!);
  if (!body.includes('!')) return null;
  const inBody = /"model(?:Id)?"\s*:\s*"[^"!]*!([^"]+)"/.exec(body.toString('latin1'));
  return inBody ? inBody[1]! : null;
}
