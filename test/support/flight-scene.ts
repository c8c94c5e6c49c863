import { Flights } from '../../src/cache/flights.ts';
import { Capture } from '../../src/core/capture.ts';
import type { Controls } from '../../src/core/controls.ts';
import type { AnswerFacts } from '../../src/core/dialect.ts';
import { GatewayError } from '../../src/core/errors.ts';
import {
  Exchange,
  type ExchangeInit,
  type PassingAnswer,
  type ServedHit,
  Step,
  type StepInit,
} from '../../src/core/exchange.ts';
import { type BodySink, type BodySource, Reply } from '../../src/core/reply.ts';
import { NO_BODY } from '../../src/core/request-body.ts';
import type { AttemptLine } from '../../src/core/stores/logs.ts';

export const COST = 700;
const HOLD_BYTES = 64;
export const whole = { ending: 'whole', model: 'm-1', usage: null } as unknown as AnswerFacts;

/** An exchange that counts who listens to its leaving. */
class CountedExchange extends Exchange {
  listeners = 0;

  override onLeave(listener: () => void): () => void {
    const wasGone = this.left;
    const stop = super.onLeave(listener);
    if (wasGone) return stop;
    this.listeners++;
    let stopped = false;
    return () => {
      if (!stopped) this.listeners--;
      stopped = true;
      stop();
    };
  }

  override leave(): void {
    super.leave();
    this.listeners = 0;
  }
}

class FakeUpstream implements BodySource {
  sink: BodySink | null = null;
  sent: Buffer[] = [];
  /** What came before anyone read. */
  early: Buffer[] = [];
  paused = false;
  state: 'open' | 'ended' | 'failed' | 'cancelled' = 'open';
  error: GatewayError | null = null;
  isUnwanted = false;
  /** The end was read by somebody. */
  toldEnd = false;

  start(sink: BodySink): void {
    this.sink = sink;
    for (const chunk of this.early.splice(0)) this.paused = !sink.write(chunk);
    this.#tellEnd();
  }
  push(chunk: Buffer): void {
    if (this.state !== 'open' || this.paused) return;
    this.sent.push(chunk);
    if (this.sink) this.paused = !this.sink.write(chunk);
    else this.early.push(chunk);
  }
  finish(error: GatewayError | null): void {
    if (this.state !== 'open') return;
    this.state = error ? 'failed' : 'ended';
    this.error = error;
    this.#tellEnd();
  }
  #tellEnd(): void {
    this.toldEnd ||= this.state === 'ended' && this.sink !== null && !this.isUnwanted;
    if (this.state === 'ended') this.sink?.end();
    if (this.state === 'failed') this.sink?.fail(this.error!);
  }
  resume(): void {
    this.paused = false;
  }
  cancel(): void {
    this.isUnwanted = true;
    if (this.state === 'open') this.state = 'cancelled';
  }
}

/** A client: reads what it is sent, as fast as it is told to. */
export class Client implements BodySink {
  readonly exchange: CountedExchange;
  readonly step: Step;
  outcome: 'waiting' | 'reply' | 'own call' | 'refused' = 'waiting';
  error: unknown = null;
  reply: Reply | null = null;
  /** What the head of the reply says of the cache. */
  told: Exchange['cacheStatus'] = null;
  received: Buffer[] = [];
  slow = false;
  blocked = false;
  end_: 'open' | 'ended' | 'failed' = 'open';
  recordedAs: string | null = null;
  /** What was known of the answer when the record was made. */
  recordedFacts: AnswerFacts | null = null;
  leftWhileWaiting = false;

  constructor(index: number) {
    this.exchange = new CountedExchange({
      id: `r${index}`,
      arrivedAt: 0,
      arrivedTick: index,
      account: 'local',
      gateway: {},
      requestType: 'native',
      origin: null,
      token: null,
      method: 'POST',
      headers: [],
      rest: '',
      readBody: () => Promise.resolve(NO_BODY),
    } as unknown as ExchangeInit);
    this.step = new Step({
      exchange: this.exchange,
      index: 0,
      provider: { id: 'openai' },
      endpoint: 'x',
      headers: [],
      body: NO_BODY,
      scan: () => ({}),
    } as unknown as StepInit);
    this.step.controls = {} as Controls;
    this.exchange.steps = [this.step];
    this.exchange.cacheStatus = 'MISS';
  }
  take(promise: Promise<Reply | null>): void {
    promise.then(
      (reply) => {
        this.outcome = reply ? 'reply' : 'own call';
        this.reply = reply;
        if (!reply) return;
        this.told = this.exchange.cacheStatus;
        reply.observe({
          end: (outcome) => {
            this.recordedAs = outcome;
            this.recordedFacts = this.exchange.answer?.facts ?? null;
          },
        });
        this.exchange.onLeave(() => reply.cancel());
        if (!this.exchange.left) reply.pipe(this);
      },
      (error: unknown) => {
        this.outcome = 'refused';
        this.error = error;
      },
    );
  }
  write(chunk: Buffer): boolean {
    this.received.push(chunk);
    this.blocked = this.slow;
    return !this.slow;
  }
  end(): void {
    this.end_ = 'ended';
  }
  fail(): void {
    this.end_ = 'failed';
  }
  drain(): void {
    if (!this.blocked) return;
    this.blocked = false;
    this.reply!.resume();
  }
  leave(): void {
    if (this.outcome === 'waiting') this.leftWhileWaiting = true;
    this.exchange.leave();
  }
  get bytes(): Buffer {
    return Buffer.concat(this.received);
  }
}

const line = (): AttemptLine => ({ startedMs: 5, durationMs: 0 }) as AttemptLine;

/** One flight with its clients, driven action by action. */
export class Scene {
  readonly flights = new Flights({
    holdBytes: HOLD_BYTES,
    tick: () => 1,
    costOf: (exchange) => ({
      costNanos: exchange.hit ? 0 : exchange.answer?.facts ? COST : null,
      isCustom: false,
      rule: null,
      detail: null,
    }),
  });
  readonly upstream = new FakeUpstream();
  readonly clients: Client[] = [];
  calls = 0;
  stored: string[] = [];
  headGiven = false;
  thrown: GatewayError | null = null;
  slowTap = false;
  /** What the call finds in the semantic cache, instead of calling anyone. */
  hit: ServedHit | null = null;
  #resolve: (reply: Reply) => void = () => {};
  #reject: (error: unknown) => void = () => {};
  #callExchange: Exchange | null = null;

  join(slow = false): void {
    const client = new Client(this.clients.length);
    client.slow = slow;
    const joined = this.flights.join('k', client.step);
    // One flight in a scene: who comes later makes another call, which is not this scene's.
    if (joined === null && this.calls > 0) return;
    this.clients.push(client);
    client.take(joined ?? this.flights.lead('k', client.step, (step) => this.#call(step)));
  }

  #call(step: Step): Promise<Reply> {
    this.calls++;
    const { exchange } = step;
    this.#callExchange = exchange;
    exchange.attempts.push(line());
    return new Promise((resolve, reject) => {
      const gone = (): void => reject(new GatewayError('client-closed', 'gone'));
      const stop = exchange.onLeave(gone);
      this.#resolve = (reply) => {
        stop();
        resolve(reply);
      };
      this.#reject = reject;
    });
  }

  head(): void {
    if (this.headGiven || this.thrown || !this.#callExchange || this.#callExchange.left) return;
    this.headGiven = true;
    const call = this.#callExchange;
    const answer = { capture: new Capture(1024), facts: null, cost: null } as unknown as PassingAnswer;
    call.answer = this.hit === null ? answer : null;
    call.hit = this.hit;
    if (this.hit !== null) call.attempts.pop();
    this.#resolve(
      new Reply(200, ['x-request-id', 'a', 'content-type', 'b'], this.upstream)
        .observe({
          chunk: (bytes) => answer.capture.push(bytes),
          end: () => {
            if (!this.slowTap) {
              answer.facts = whole;
              return;
            }
            return Promise.resolve().then(() => {
              answer.facts = whole;
            });
          },
        })
        .observe({
          end: (outcome) => {
            if (outcome === 'complete') this.stored.push(call.payer.id);
          },
        }),
    );
  }

  throw(): void {
    if (this.headGiven || this.thrown || !this.#callExchange || this.#callExchange.left) return;
    this.thrown = new GatewayError('upstream-timeout', 'too late');
    this.#reject(this.thrown);
  }
}

/** Lets everything that is due happen. */
export const settle = async (): Promise<void> => {
  for (let i = 0; i < 12; i++) await undefined;
};
