import type { LogObject } from '../../../../src/api/contract.ts';
import { formatDuration } from '../../format/durations.ts';
import { formatExactMoney } from '../../format/money.ts';
import { formatCount } from '../../format/numbers.ts';
import { decisionWords as words } from '../../words/record.ts';

type Decision = LogObject['decisions'][number];

/** Where the rule behind a decision is set: a field of the gateway's settings, a page of the account, or a record. */
export type RulePlace =
  | { readonly kind: 'settings'; readonly field: string }
  | { readonly kind: 'providers' }
  | { readonly kind: 'access' }
  | { readonly kind: 'record'; readonly id: string };

export interface DecisionSentence {
  readonly text: string;
  /** What lies behind it: a key, a reason, lines of a price. */
  readonly detail: string | null;
  readonly tone: 'plain' | 'good' | 'warning' | 'bad';
  readonly place: RulePlace | null;
}

type Writer = (decision: Decision, log: LogObject) => DecisionSentence | null;

const say = (
  text: string,
  { detail = null, tone = 'plain', place = null }: Partial<Omit<DecisionSentence, 'text'>> = {},
): DecisionSentence => ({ text, detail, tone, place });

const settings = (field: string): RulePlace => ({ kind: 'settings', field });

const WRITERS: Readonly<Record<string, Writer>> = {
  auth: ({ outcome, detail }) => {
    if (outcome === 'token')
      return say(detail === null ? words.auth.token : words.auth.inside(detail), {
        place: { kind: 'access' },
      });
    if (outcome === 'anonymous') return say(words.auth.anonymous, { place: settings('authentication') });
    if (outcome === 'refused')
      return say(words.auth.refused(detail ?? ''), { tone: 'bad', place: settings('authentication') });
    return null;
  },
  key: ({ outcome, rule }) => {
    if (outcome === 'stored key')
      return say(words.key.stored(rule ?? 'default'), { place: { kind: 'providers' } });
    if (outcome === 'key of the request') return say(words.key.brought(rule ?? ''));
    if (outcome === 'none') return say(words.key.none, { place: { kind: 'providers' } });
    return null;
  },
  cache: ({ outcome, rule, detail }) => {
    const place = rule?.startsWith('cf-aig-') ? null : settings('cache_ttl');
    switch (outcome) {
      case 'hit': {
        const [, ageSeconds, by] = /, stored (\d+) s ago by (\S+)$/.exec(detail ?? '') ?? [];
        if (ageSeconds === undefined || by === undefined)
          return say(words.cache.hitPlain, { tone: 'good', detail, place });
        return say(words.cache.hit(formatDuration(Number(ageSeconds) * 1000)), {
          tone: 'good',
          detail,
          place: { kind: 'record', id: by },
        });
      }
      case 'miss':
        return say(words.cache.miss, { detail, place });
      case 'not read':
        return say(words.cache.notRead(rule ?? ''), { place });
      case 'stored': {
        const seconds = /^for (\d+) s$/.exec(detail ?? '')?.[1];
        return say(
          seconds ? words.cache.stored(formatDuration(Number(seconds) * 1000)) : words.cache.storedPlain,
          {
            place,
          },
        );
      }
      case 'not stored':
        return say(words.cache.notStored(detail ?? ''), { place: settings('cache_ttl') });
      default:
        return null;
    }
  },
  limit: ({ outcome, rule }) => {
    const described = limitOf(rule);
    if (outcome === 'refused')
      return say(words.limit.refused(described), { tone: 'warning', place: settings('rate_limiting_limit') });
    const left = /^(\d+) left$/.exec(outcome)?.[1];
    return left === undefined
      ? null
      : say(words.limit.counted(described, formatCount(Number(left))), {
          place: settings('rate_limiting_limit'),
        });
  },
  retry: ({ outcome, detail }) => {
    if (outcome === 'not tried again')
      return say(words.retry.not(detail ?? ''), { tone: 'warning', place: settings('retry_max_attempts') });
    const [, why, afterMs, waitedMs] = /^(.*) after (\d+) ms, waited (\d+) ms$/s.exec(detail ?? '') ?? [];
    if (why === undefined) return null;
    return say(words.retry.again(why, formatDuration(Number(afterMs)), formatDuration(Number(waitedMs))), {
      tone: 'warning',
      place: settings('retry_max_attempts'),
    });
  },
  route: ({ outcome, rule, detail }) => {
    if (outcome === 'replay' && detail !== null)
      return say(words.route.replay, { place: { kind: 'record', id: detail } });
    const step = /^step (\d+) failed$/.exec(outcome)?.[1];
    if (step !== undefined && rule === 'fallback')
      return say(words.route.fallback(Number(step) + 1, detail ?? ''), { tone: 'warning' });
    return null;
  },
  price: ({ outcome, rule, detail }, log) => {
    if (outcome === 'unknown')
      return say(words.price.unknown(detail ?? ''), { tone: 'warning', detail: rule });
    const nanos = /^(\d+) nano-dollars$/.exec(outcome)?.[1];
    if (nanos === undefined) return null;
    if (rule === 'cache hit') return say(words.price.free, { tone: 'good' });
    const amount = formatExactMoney(log.cost ?? Number(nanos) / 1e9);
    if (rule === 'cf-aig-custom-cost') return say(words.price.custom(amount));
    return say(words.price.known(amount, rule ?? ''), { detail: priceLines(detail) });
  },
};

/** One sentence for each decision, in the order in which they were made; none is left out. */
export function decisionSentences(log: LogObject): DecisionSentence[] {
  return log.decisions.map((decision) => {
    const writer = Object.hasOwn(WRITERS, decision.stage) ? WRITERS[decision.stage] : undefined;
    return writer?.(decision, log) ?? plain(decision);
  });
}

/** What a newer gateway decided: its own words. */
function plain({ stage, outcome, rule, detail }: Decision): DecisionSentence {
  return say(words.plain(stage, outcome, rule), { detail });
}

/** `100 per 60 s, fixed` as `100 requests per 60 s`. */
function limitOf(rule: string | null): string {
  const [, limit, seconds, technique] = /^(\d+) per (\d+(?:\.\d+)?) s, (\w+)$/.exec(rule ?? '') ?? [];
  if (limit === undefined) return rule ?? '';
  return words.limit.rule(
    formatCount(Number(limit)),
    formatDuration(Number(seconds) * 1000),
    technique ?? '',
  );
}

/** `input 1200: 3600` as `input 1,200 → 0.0000036 USD`. */
function priceLines(detail: string | null): string | null {
  if (detail === null) return null;
  return detail
    .split(', ')
    .map((line) => {
      const [, kind, units, nanos] = /^(.+) (\d+(?:\.\d+)?): (\d+(?:\.\d+)?)$/.exec(line) ?? [];
      if (kind === undefined) return line;
      return `${kind} ${formatCount(Number(units))} → ${formatExactMoney(Number(nanos) / 1e9)}`;
    })
    .join('\n');
}
