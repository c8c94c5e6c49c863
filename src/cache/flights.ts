import type { Step } from '../core/exchange.ts';
import type { Reply } from '../core/reply.ts';
import type { Handler } from '../core/stage.ts';
import { Flight, type FlightServices } from './flight.ts';

/** Where a call stands that can be joined; empty when it no longer can. */
interface Place {
  flight: Flight | null;
}

/** The upstream calls that others can join, by key. */
export class Flights {
  readonly #services: FlightServices;
  /**
   * Places and not flights: V8 chains each table that a Map has outgrown to the next one, and with what they still hold
   * whole requests would live on until the next collection of the old generation, every one of them.
   */
  readonly #open = new Map<string, Place>();

  constructor(services: FlightServices) {
    this.#services = services;
  }

  /** How many can be joined now. */
  get size(): number {
    return this.#open.size;
  }

  /** Takes part in the call of that key that is under way; null when there is none. See Flight.join. */
  join(key: string, step: Step): Promise<Reply | null> | null {
    return this.#open.get(key)?.flight?.join(step) ?? null;
  }

  /** Makes a call that others can join. Rejects with what the call is rejected with. */
  lead(key: string, step: Step, call: Handler<Step>): Promise<Reply> {
    const place: Place = { flight: null };
    const flight = new Flight(step, this.#services, () => {
      place.flight = null;
      if (this.#open.get(key) === place) this.#open.delete(key);
    });
    place.flight = flight;
    this.#open.set(key, place);
    return flight.begin(call);
  }
}
