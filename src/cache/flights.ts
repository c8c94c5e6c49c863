import type { Step } from '../core/exchange.ts';
import type { Reply } from '../core/reply.ts';
import type { Handler } from '../core/stage.ts';
import { Flight, type FlightServices } from './flight.ts';

/** The upstream calls that others can join, by key. */
export class Flights {
  readonly #services: FlightServices;
  readonly #open = new Map<string, Flight>();

  constructor(services: FlightServices) {
    this.#services = services;
  }

  /** How many can be joined now. */
  get size(): number {
    return this.#open.size;
  }

  /** Takes part in the call of that key that is under way; null when there is none. See Flight.join. */
  join(key: string, step: Step): Promise<Reply | null> | null {
    return this.#open.get(key)?.join(step) ?? null;
  }

  /** Makes a call that others can join. Rejects with what the call is rejected with. */
  lead(key: string, step: Step, call: Handler<Step>): Promise<Reply> {
    const flight: Flight = new Flight(step, this.#services, () => {
      if (this.#open.get(key) === flight) this.#open.delete(key);
    });
    this.#open.set(key, flight);
    return flight.begin(call);
  }
}
