import { formatDuration } from '../../format/durations.ts';
import { formatCount } from '../../format/numbers.ts';
import { decisionWords as words } from '../../words/record.ts';
import { reasonWords } from '../../words/semantic-reasons.ts';
import { readSimilar } from './cache-hit.ts';
import { type Decision, type DecisionSentence, say, settings } from './decision-sentence.ts';

/** What the exact cache decided; null for what is not its own. */
export function sayOfCache({ outcome, rule, detail }: Decision): DecisionSentence | null {
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
}

const RECORD = /^(?:the call of |the call that )?([0-9a-f][0-9a-f-]{7,})/;

/** What was decided about a call that several requests may share. */
export function sayOfSharing({ outcome, detail }: Decision): DecisionSentence | null {
  const place = settings('share_in_flight');
  const other = RECORD.exec(detail ?? '')?.[1];
  const at = other === undefined ? place : ({ kind: 'record', id: other } as const);
  switch (outcome) {
    case 'joined':
      return say(words.cache.joined, { tone: 'good', place: at });
    case 'not shared':
      return say(words.cache.notShared(/ failed: (.*)$/s.exec(detail ?? '')?.[1] ?? ''), {
        tone: 'warning',
        place: at,
      });
    case 'shared': {
      const others = /^(\d+|one) more joined$/.exec(detail ?? '')?.[1];
      if (others === undefined) return null;
      return say(words.cache.shared(others === 'one' ? '1' : formatCount(Number(others))), {
        tone: 'good',
        place,
      });
    }
    case 'left':
      return say(words.cache.left, { place: at });
    case 'left to others':
      return say(words.cache.leftToOthers, { place });
    case 'taken over':
      return say(words.cache.takenOver, { place: at });
    default:
      return null;
  }
}

/** What was decided about answers to similar questions. */
export function sayOfSimilar({ outcome, rule, detail }: Decision): DecisionSentence | null {
  const place = settings('semantic_cache.mode');
  switch (outcome) {
    case 'similar answer': {
      const { ageSeconds, paidBy } = readSimilar(detail ?? '');
      return say(
        ageSeconds === null
          ? words.cache.similarPlain
          : words.cache.similar(formatDuration(ageSeconds * 1000)),
        { tone: 'good', detail, place: paidBy === null ? place : { kind: 'record', id: paidBy } },
      );
    }
    case 'similar answer not served': {
      const why = words.cache.notServedWhy;
      const known = rule !== null && Object.hasOwn(why, rule) ? why[rule] : rule;
      return say(known ? `${words.cache.notServed}: ${known}` : words.cache.notServed, { detail, place });
    }
    case 'no similar answer': {
      const { name, text } = reasonWords(rule ?? '');
      return say(words.cache.noSimilar(name), {
        detail: [text, detail].filter(Boolean).join('\n') || null,
        place,
      });
    }
    case 'kept for similar questions':
      return say(words.cache.keptSimilar, { place });
    case 'not kept for similar questions':
      return say(words.cache.notKeptSimilar(detail ?? ''), { place });
    default:
      return null;
  }
}
