import type { Capture } from './capture.ts';
import type { Controls } from './controls.ts';
import type { AnswerFacts, DialectId, RequestFacts } from './dialect.ts';
import type { GatewayError } from './errors.ts';
import { findHeader, type HeaderList } from './headers.ts';
import type { CallOrigin } from './inside-call.ts';
import type { Address, Provider } from './provider.ts';
import type { BodyOutcome } from './reply.ts';
import { NO_BODY, type RequestBody } from './request-body.ts';
import type { Secret } from './secret.ts';
import type { SemanticReason } from './semantic.ts';
import type { Gateway, Token } from './stores/config.ts';
import type { RateVerdict } from './stores/counters.ts';
import type { AttemptLine, DecisionLine } from './stores/logs.ts';

/** The credential that a step goes out with. */
export type Credential =
  | { readonly kind: 'client' }
  | { readonly kind: 'none' }
  | { readonly kind: 'stored'; readonly secret: Secret; readonly alias: string; readonly keyId: string };

/** What an answer cost, and how that was found. */
export interface CostFinding {
  readonly costNanos: number | null;
  readonly isCustom: boolean;
  /** Rule and figures, for the decision line. */
  readonly rule: string | null;
  readonly detail: string | null;
}

/** An answer that is passing, or has passed: what was captured of it and, once it ended, what it says. */
export interface PassingAnswer {
  readonly step: Step;
  readonly dialect: DialectId;
  readonly capture: Capture;
  readonly status: number;
  readonly contentType: string;
  readonly encoding: string;
  /** Set when the body has ended, before any later tap's `end` runs. */
  facts: AnswerFacts | null;
  /** Found once, when the facts are known. */
  cost: CostFinding | null;
}

/** A cache hit that answered. Of a shared call, cost, duration and model are known when it has ended. */
export interface ServedHit {
  readonly kind: 'exact' | 'shared' | 'semantic';
  /** Id of the cache entry: the exact key, or that of a semantic entry; null for a shared call. */
  readonly entry: string | null;
  /** Cosine between the two questions; null unless semantic. */
  readonly similarity: number | null;
  readonly recordId: string;
  readonly model: string | null;
  readonly costNanos: number | null;
  /** How long the request took that paid for the answer, from its arrival to its answer's end; null is unknown. */
  readonly durationMs: number | null;
  readonly ageMs: number;
}

/** How a reply came to its end. */
export interface Ending {
  readonly status: number;
  readonly outcome: BodyOutcome;
  readonly error: GatewayError | null;
  readonly responseBytes: number;
  readonly headers: HeaderList;
}

export interface ExchangeInit {
  readonly id: string;
  readonly arrivedAt: number;
  readonly arrivedTick: number;
  readonly account: string;
  readonly gateway: Gateway;
  readonly requestType: 'native' | 'universal';
  /** Null for a client's request. */
  readonly origin: CallOrigin | null;
  /** Of a call from inside: whose it is. Null for a client's, which has yet to show its token. */
  readonly token: Token | null;
  readonly method: string;
  readonly headers: HeaderList;
  /** Path after the gateway, as written, with query. */
  readonly rest: string;
  readBody(): Promise<RequestBody>;
}

/** One client request on its way through, and everything that its record will say. */
export class Exchange {
  readonly id: string;
  /** Epoch ms. */
  readonly arrivedAt: number;
  /** Monotonic ms, for durations. */
  readonly arrivedTick: number;
  readonly account: string;
  readonly gateway: Gateway;
  readonly requestType: 'native' | 'universal';
  readonly origin: CallOrigin | null;
  readonly method: string;
  readonly headers: HeaderList;
  readonly rest: string;
  readonly readBody: () => Promise<RequestBody>;

  /** The gateway token that was shown; null for an anonymous caller of an open gateway. */
  token: Token | null;
  steps: readonly Step[] = [];
  /** The step that answered, or the last one tried. */
  step: Step | null = null;
  body: RequestBody = NO_BODY;
  answer: PassingAnswer | null = null;
  hit: ServedHit | null = null;
  cacheStatus: 'HIT' | 'MISS' | null = null;
  /** Whose record bears what the upstream call costs: its own, except while it stands for several (`forSharedCall`). */
  payer: Exchange = this;
  /** Why no similar answer was given; null when none was looked for, or one was given. */
  cacheReason: SemanticReason | null = null;
  rate: RateVerdict | null = null;
  usedStoredKey = false;
  /** Monotonic ms at which the first upstream attempt was sent, or one under way was joined; null when neither was. */
  firstSentTick: number | null = null;
  /** Monotonic ms at which the request was all here; null while it is not. */
  receivedTick: number | null = null;
  /** Monotonic ms at which the answer's head arrived (or the hit was found). */
  firstByteTick: number | null = null;
  readonly attempts: AttemptLine[] = [];
  readonly decisions: DecisionLine[] = [];
  #left = false;
  #leaveListeners: Set<() => void> | null = null;

  constructor(init: ExchangeInit) {
    this.id = init.id;
    this.arrivedAt = init.arrivedAt;
    this.arrivedTick = init.arrivedTick;
    this.account = init.account;
    this.gateway = init.gateway;
    this.requestType = init.requestType;
    this.origin = init.origin;
    this.token = init.token;
    this.method = init.method;
    this.headers = init.headers;
    this.rest = init.rest;
    this.readBody = init.readBody;
  }

  header(lowerName: string): string | null {
    return findHeader(this.headers, lowerName);
  }

  decide(
    stage: DecisionLine['stage'],
    outcome: string,
    rule: string | null = null,
    detail: string | null = null,
  ): void {
    this.decisions.push({ stage, outcome, rule, detail });
  }

  /**
   * An exchange that stands for this one, and for others, while they share an upstream call: the call is made on it, and
   * goes on when this client leaves. Whoever makes it calls `leave` on it when nobody is left.
   */
  forSharedCall(): Exchange {
    const call = new Exchange(this);
    call.payer = this;
    call.body = this.body;
    call.steps = this.steps;
    call.cacheStatus = this.cacheStatus;
    call.rate = this.rate;
    call.receivedTick = this.receivedTick;
    call.firstSentTick = this.firstSentTick;
    return call;
  }

  /** True once the client is gone. */
  get left(): boolean {
    return this.#left;
  }

  /** Called by the server when the client's connection closed before the reply was whole. */
  leave(): void {
    if (this.#left) return;
    this.#left = true;
    const listeners = this.#leaveListeners;
    this.#leaveListeners = null;
    if (listeners) for (const listener of listeners) listener();
  }

  /** Runs `listener` when the client leaves (at once if it has). Returns a function that takes it back. */
  onLeave(listener: () => void): () => void {
    if (this.#left) {
      listener();
      return () => {};
    }
    this.#leaveListeners ??= new Set();
    this.#leaveListeners.add(listener);
    return () => this.#leaveListeners?.delete(listener);
  }
}

export interface StepInit {
  readonly exchange: Exchange;
  readonly index: number;
  readonly provider: Provider;
  /** Path after the provider segment, as written, without leading slash, with query. */
  readonly endpoint: string;
  /** Client headers of this step: those of the request, overridden by those of the universal step. */
  readonly headers: HeaderList;
  readonly body: RequestBody;
  readonly scan: (body: Buffer) => RequestFacts;
}

/** One provider call that an exchange may make: the only one on a native route, one of several on the universal endpoint. */
export class Step {
  readonly exchange: Exchange;
  readonly index: number;
  readonly provider: Provider;
  /** As the client wrote it; a gateway token in its query has been taken out once the credential was found. */
  endpoint: string;
  headers: HeaderList;
  /** Set before anything scans it; a native step exists before its body has been read. */
  body: RequestBody;
  controls!: Controls;
  /** What it goes out with; found once, on first need. */
  credential: Credential | null = null;
  /** Where it goes; found once, after the credential. */
  address: Address | null = null;
  /** Key in the exact cache; null when the step is not for it. Set before anything else looks for answers. */
  cacheKey: string | null = null;
  /** The answer of this step is an error, so that the next step should be tried. */
  failed = false;
  readonly #scan: (body: Buffer) => RequestFacts;
  #facts: RequestFacts | null = null;

  constructor(init: StepInit) {
    this.exchange = init.exchange;
    this.index = init.index;
    this.provider = init.provider;
    this.endpoint = init.endpoint;
    this.headers = init.headers;
    this.body = init.body;
    this.#scan = init.scan;
  }

  /** The same step of another exchange, with everything that was found out about it. */
  of(exchange: Exchange): Step {
    const { index, provider, endpoint, headers, body } = this;
    const twin = new Step({ exchange, index, provider, endpoint, headers, body, scan: this.#scan });
    twin.controls = this.controls;
    twin.credential = this.credential;
    twin.address = this.address;
    twin.cacheKey = this.cacheKey;
    twin.#facts = this.#facts;
    return twin;
  }

  header(lowerName: string): string | null {
    return findHeader(this.headers, lowerName);
  }

  /** One scan of the body, on first use. */
  get facts(): RequestFacts {
    // A head alone says nothing that a whole body could not contradict, and it is large.
    this.#facts ??= (this.body.kind === 'held' ? this.body : NO_BODY).peruse(this.#scan);
    return this.#facts;
  }

  /** Takes the facts from `plain`: what a compressed body is without its content encoding. The body itself stays as it is. */
  readFactsFrom(plain: Buffer): void {
    this.#facts = this.#scan(plain);
  }

  /** Model that the caller asked for, from the path or the body. */
  get model(): string | null {
    return this.provider.modelFromPath?.(this.endpoint) ?? this.facts.model;
  }
}
