import type { LogObject } from '../../../../src/api/contract.ts';
import { formatDuration } from '../../format/durations.ts';
import { formatExactMoney } from '../../format/money.ts';
import { formatCount } from '../../format/numbers.ts';
import { decisionWords as words } from '../../words/record.ts';
import { sayOfCache, sayOfSharing, sayOfSimilar } from './cache-sentences.ts';
import { type Decision, type DecisionSentence, say, settings } from './decision-sentence.ts';

type Writer = (decision: Decision, log: LogObject) => DecisionSentence | null;

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
  cache: (decision) => sayOfCache(decision) ?? sayOfSharing(decision) ?? sayOfSimilar(decision),
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
