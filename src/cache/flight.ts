import { Capture } from '../core/capture.ts';
import { GatewayError } from '../core/errors.ts';
import type { CostFinding, Exchange, Step } from '../core/exchange.ts';
import { headersForAll } from '../core/headers.ts';
import { Reply } from '../core/reply.ts';
import type { Handler } from '../core/stage.ts';
import type { AttemptLine } from '../core/stores/logs.ts';
import { SharedBody, type SharedBodyReader } from './shared-body.ts';

export interface FlightServices {
  /** Bytes of an answer that are held for those who join or read more slowly. */
  readonly holdBytes: number;
  /** Monotonic ms. */
  tick(): number;
  /** For 'saved' on the records of the others. */
  costOf(exchange: Exchange): CostFinding;
}

const RULE = 'share_in_flight';

interface Seat {
  readonly step: Step;
  /** Settles the wait for the head: with a reply, with null (call yourself), or with an error. */
  readonly resolve: (reply: Reply | null) => void;
  readonly reject: (error: unknown) => void;
  /** Takes back the listener to the client's leaving while the head is waited for. */
  stopListening: () => void;
  reader: SharedBodyReader | null;
}

/**
 * One upstream call and all who take part in it. The call runs on an exchange of its own, which leaves when the last of
 * them has left. Exactly one of them pays: the one that began it, or, when that one leaves before there is an answer, the
 * next that is still there. From then on it stays the same, whoever leaves: each has been told whether its answer was a
 * hit, and its record has to say the same.
 */
export class Flight {
  /** The step that is called, with an exchange that stands for all. */
  readonly #call: Step;
  readonly #origin: Step;
  readonly #services: FlightServices;
  readonly #onClosed: () => void;
  /** In the order of coming. */
  readonly #seats = new Set<Seat>();
  #joined = 0;
  #reply: Reply | null = null;
  #body: SharedBody | null = null;
  #costNanos: number | null = null;
  #durationMs: number | null = null;
  /** What the one who pays was given before it left; null while it is there. */
  #payerBytes: number | null = null;
  #isSettled = false;
  #settledListeners: (() => void)[] = [];

  /** `onClosed` is called when nobody can join any more, perhaps more than once. */
  constructor(step: Step, services: FlightServices, onClosed: () => void) {
    this.#origin = step;
    this.#call = step.of(step.exchange.forSharedCall());
    this.#services = services;
    this.#onClosed = onClosed;
  }

  /** Makes the call. The reply is the one for the exchange that begins it. */
  begin(call: Handler<Step>): Promise<Reply> {
    const reply = this.#take(this.#origin) as Promise<Reply>;
    try {
      call(this.#call).then(
        (answered) => this.#open(answered),
        (error: unknown) => this.#throw(error),
      );
    } catch (error) {
      this.#throw(error);
    }
    return reply;
  }

  /** Takes part. Null is for: the call has failed before there was an answer, make one of your own. */
  join(step: Step): Promise<Reply | null> {
    const { exchange } = step;
    this.#joined++;
    // From here on it is not the gateway that it waits for.
    exchange.firstSentTick ??= this.#services.tick();
    exchange.decide('cache', 'joined', RULE, `the call of ${this.#call.exchange.payer.id}`);
    return this.#take(step);
  }

  #take(step: Step): Promise<Reply | null> {
    return new Promise((resolve, reject) => {
      const seat: Seat = { step, resolve, reject, stopListening: () => {}, reader: null };
      this.#seats.add(seat);
      if (this.#reply !== null) resolve(this.#replyTo(seat, this.#reply));
      else seat.stopListening = step.exchange.onLeave(() => this.#leaveWaiting(seat));
    });
  }

  #open(reply: Reply): void {
    this.#reply = reply.observe({ end: () => this.#settle() });
    this.#body = new SharedBody(reply, this.#services.holdBytes, this.#onClosed);
    for (const seat of this.#seats) {
      seat.stopListening();
      seat.resolve(this.#replyTo(seat, reply));
    }
  }

  /** A time-out or a limit is that of the one whose call it was: the others try for themselves. */
  #throw(error: unknown): void {
    this.#onClosed();
    this.#giveAccount();
    const { payer } = this.#call.exchange;
    for (const { step, stopListening, resolve, reject } of this.#seats) {
      stopListening();
      if (step === this.#origin || step.exchange.left) {
        reject(error);
        continue;
      }
      const reason = error instanceof GatewayError ? error.kind : 'internal';
      step.exchange.decide('cache', 'not shared', RULE, `the call of ${payer.id} failed: ${reason}`);
      resolve(null);
    }
  }

  #replyTo(seat: Seat, reply: Reply): Reply {
    const { step } = seat;
    const { exchange } = step;
    const call = this.#call.exchange;
    const isOrigin = step === this.#origin;
    step.failed = this.#call.failed;
    exchange.step = step;
    exchange.answer = call.answer;
    exchange.firstByteTick = isOrigin ? call.firstByteTick : this.#services.tick();
    if (isOrigin) exchange.rate = call.rate;
    this.#mark(exchange);
    seat.reader = this.#body!.newReader(() => this.#leave(seat));
    const headers = isOrigin ? reply.headers : headersForAll(reply.headers);
    return new Reply(reply.status, headers, seat.reader).observe({
      end: () => {
        if (this.#isSettled || call.payer !== exchange) return undefined;
        // It has left, and what the answer costs is not known yet: its record waits for that.
        return new Promise((resolve) => this.#settledListeners.push(resolve));
      },
    });
  }

  /** Says on an exchange whether it pays or was given an answer, as far as that is known. */
  #mark(exchange: Exchange): void {
    const { payer, hit, answer, cacheStatus, cacheReason } = this.#call.exchange;
    const shared = {
      kind: 'shared',
      entry: null,
      similarity: null,
      recordId: payer.id,
      model: answer?.facts?.model ?? null,
      costNanos: this.#costNanos,
      durationMs: this.#durationMs,
      ageMs: 0,
    } as const;
    // What came from the cache after all is that for everyone.
    exchange.hit = hit ?? (exchange === payer ? null : shared);
    exchange.cacheStatus = exchange.hit === null ? cacheStatus : 'HIT';
    exchange.cacheReason = cacheReason;
  }

  /** The client left while the head was waited for. The last one waits for the call to stop, as one alone would. */
  #leaveWaiting(seat: Seat): void {
    if (this.#seats.size === 1) {
      this.#onClosed();
      this.#call.exchange.leave();
      return;
    }
    this.#passOn(seat);
    seat.reject(new GatewayError('client-closed', 'The client closed the connection'));
  }

  #leave(seat: Seat): void {
    const { exchange } = seat.step;
    const call = this.#call.exchange;
    const isPayer = exchange === call.payer;
    const isCut = this.#seats.size === 1 && !this.#isSettled;
    if (isCut) {
      if (!isPayer) this.#seats.delete(seat);
      this.#onClosed();
      this.#giveAccount();
      this.#reply!.cancel();
      call.leave();
      if (isPayer) return;
    } else if (this.#isSettled) this.#seats.delete(seat);
    else if (isPayer && exchange.left) this.#leaveToPay(seat);
    else this.#passOn(seat);
    // Of a step that failed, and is left for the next one, nothing is kept.
    if (exchange.left && exchange.answer && !isPayer) {
      const capture = firstOf(exchange.answer.capture, seat.reader!.bytes);
      exchange.answer = { ...exchange.answer, capture, facts: null, cost: null };
    }
    if (!isCut) this.#body!.readerMoved();
  }

  /** Its client was told of a miss, and the others of hits: the call stays on its account, to the end. */
  #leaveToPay(seat: Seat): void {
    this.#seats.delete(seat);
    this.#payerBytes = seat.reader!.bytes;
    seat.step.exchange.decide('cache', 'left to others', RULE, 'they go on with the call');
  }

  /** One goes before it was told anything, others stay: if it would have paid, the next does. */
  #passOn(seat: Seat): void {
    this.#seats.delete(seat);
    const call = this.#call.exchange;
    const { exchange } = seat.step;
    if (call.payer !== exchange) return;
    const [next] = this.#seats;
    const successor = next!.step.exchange;
    call.payer = successor;
    exchange.decide('cache', 'left', RULE, `${successor.id} goes on with the call`);
    successor.decide('cache', 'taken over', RULE, `the call that ${exchange.id} has left`);
    // The steps of all have failed: each goes on to its next.
    if (this.#reply !== null) this.#mark(successor);
  }

  /** The answer has ended, and is read and stored; bytes of it may still be on their way to slow readers. */
  #settle(): void {
    this.#onClosed();
    this.#giveAccount();
    const { payer } = this.#call.exchange;
    if (this.#joined > 0)
      payer.decide(
        'cache',
        'shared',
        RULE,
        this.#joined === 1 ? 'one more joined' : `${this.#joined} more joined`,
      );
    this.#costNanos = this.#services.costOf(payer).costNanos;
    this.#durationMs = this.#services.tick() - this.#call.exchange.arrivedTick;
    if (this.#payerBytes !== null && payer.answer)
      payer.answer = { ...payer.answer, capture: firstOf(payer.answer.capture, this.#payerBytes) };
    for (const { step } of this.#seats) this.#mark(step.exchange);
    this.#isSettled = true;
    for (const listener of this.#settledListeners.splice(0)) listener();
  }

  /** What the call has to tell goes to the record of the one who pays. */
  #giveAccount(): void {
    const call = this.#call.exchange;
    const { payer } = call;
    const isOrigin = payer === this.#origin.exchange;
    const laterMs = payer.arrivedTick - call.arrivedTick;
    for (const line of call.attempts.splice(0)) payer.attempts.push(isOrigin ? line : later(line, laterMs));
    payer.decisions.push(...call.decisions.splice(0));
    payer.usedStoredKey = call.usedStoredKey;
    if (!isOrigin) return;
    payer.firstSentTick = call.firstSentTick;
    payer.rate = call.rate;
    payer.cacheReason = call.cacheReason;
  }
}

/** An attempt as one sees it that came later: it may have begun before that one was there. */
const later = (line: AttemptLine, byMs: number): AttemptLine => ({
  ...line,
  startedMs: Math.max(0, line.startedMs - byMs),
});

/** What a reader has been given of an answer. */
function firstOf(capture: Capture, bytes: number): Capture {
  const part = new Capture(capture.limitBytes);
  for (const chunk of capture.chunks) {
    const room = bytes - part.totalBytes;
    if (room <= 0) break;
    part.push(chunk.length <= room ? chunk : chunk.subarray(0, room));
  }
  part.totalBytes = bytes;
  return part;
}
