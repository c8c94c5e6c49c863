import { Exchange, type ExchangeInit } from '../core/exchange.ts';
import type { RequestBody } from '../core/request-body.ts';

/** A body that is being read; `release` gives back what it holds, once, when the exchange is over. */
export interface Reading {
  readonly body: Promise<RequestBody>;
  readonly release: () => void;
}

export interface ExchangeServices {
  now(): number;
  tick(): number;
  newId(nowMs: number): string;
}

type Arrival = Omit<ExchangeInit, 'id' | 'arrivedAt' | 'arrivedTick' | 'requestType' | 'readBody'> & {
  /** `onWhole` is to be called when the last byte has come. */
  read(onWhole: () => void): Reading;
};

/** The exchange of a request that has just arrived, from a socket or from inside. */
export function openExchange(
  arrival: Arrival,
  services: ExchangeServices,
): { readonly exchange: Exchange; readonly release: () => void } {
  const arrivedTick = services.tick();
  const arrivedAt = services.now();
  let release: () => void = () => {};
  const { rest } = arrival;
  // Field by field: copying the object whole costs more, and this is done for every request.
  const exchange: Exchange = new Exchange({
    id: services.newId(arrivedAt),
    arrivedAt,
    arrivedTick,
    account: arrival.account,
    gateway: arrival.gateway,
    origin: arrival.origin,
    token: arrival.token,
    requestType: rest === '' || rest.startsWith('?') ? 'universal' : 'native',
    method: arrival.method,
    headers: arrival.headers,
    rest,
    readBody: () => {
      const reading = arrival.read(() => {
        exchange.receivedTick = services.tick();
      });
      release = reading.release;
      return reading.body;
    },
  });
  return { exchange, release: () => release() };
}
