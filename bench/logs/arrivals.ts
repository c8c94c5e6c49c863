import type { Clock } from '../../src/core/clock.ts';
import type { LogRecord, RecordSink } from '../../src/core/stores/logs.ts';
import { SPAN_MS } from './fill.ts';
import { Traffic } from './traffic.ts';

const TICK_MS = 20;
const LATE_MS = 1000;

/** Records that come at a steady rate, whatever else goes on. */
export class Arrivals {
  readonly #sink: RecordSink;
  readonly #rate: number;
  readonly #clock: Clock;
  readonly #traffic: Traffic;
  #timer: NodeJS.Timeout | null = null;
  #started = 0;
  #sent = 0;
  /** How many were sent more than a second after their time. */
  late = 0;

  constructor(sink: RecordSink, rate: number, clock: Clock) {
    this.#sink = sink;
    this.#rate = rate;
    this.#clock = clock;
    // Another seed for each run: ids must be new.
    this.#traffic = new Traffic(clock.now() % 0x1_0000_0000, clock.now(), SPAN_MS);
  }

  start(): void {
    this.#started = this.#clock.tick();
    this.#timer = setInterval(() => this.#catchUp(), TICK_MS);
  }

  send(): LogRecord {
    const record = this.#traffic.on(this.#clock.now());
    this.#sink.append(record, null);
    return record;
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  #catchUp(): void {
    const due = Math.floor(((this.#clock.tick() - this.#started) * this.#rate) / 1000);
    if (due - this.#sent > (this.#rate * LATE_MS) / 1000) this.late += due - this.#sent;
    for (; this.#sent < due; this.#sent++) this.send();
  }
}
