import type { BrowserContext } from '../../dashboard/screenshots/browser.ts';
import type {
  ComparisonObject,
  PairCheckObject,
  SemanticEntryObject,
  SemanticSummaryObject,
  SimilarHitObject,
  WrongPairObject,
} from '../../src/api/contract/semantic.ts';

/**
 * What the API of similar answers can say, for pages that no test can wait for: weeks of evidence, a pause, models that
 * are not there. The types are those of the contract.
 */
export interface SimilarAnswers {
  readonly summary: SemanticSummaryObject;
  readonly hits: readonly SimilarHitObject[];
  readonly pairs: readonly WrongPairObject[];
  readonly entries: readonly SemanticEntryObject[];
  readonly comparison: ComparisonObject;
  readonly check: PairCheckObject;
}

const DAY_MS = 86_400_000;
const ago = (ms: number): string => new Date(Date.now() - ms).toISOString();

export const summaryWith = (fields: Partial<SemanticSummaryObject> = {}): SemanticSummaryObject => ({
  mode: 'verify',
  state: 'working',
  problem: null,
  paused_since: null,
  embedder: 'local',
  error_budget: 0.02,
  entries: 1284,
  bytes: 4_300_000,
  partitions: 7,
  from: ago(2 * DAY_MS),
  to: ago(0),
  look_ups: 5123,
  served: 912,
  would_serve: 0,
  reasons: [
    { reason: 'score', count: 812 },
    { reason: 'no-neighbour', count: 2310 },
    { reason: 'gate-numbers', count: 210 },
    { reason: 'temperature', count: 401 },
  ],
  error: { wrong: 4, judged: 312, share: 4 / 312, low: 0.005, high: 0.0325 },
  noise: { wrong: 2, judged: 60, share: 2 / 60, low: 0.009, high: 0.114 },
  saved: 3.4211,
  saved_ms: 1_276_800,
  check_cost: 0.2122,
  check_cost_today: 0.11,
  daily_check_budget: 0.5,
  operating_point: 0.96,
  curve: [0.5, 0.7, 0.9, 0.95, 0.98].map((probability, index) => ({
    probability,
    hit_rate: 0.31 - index * 0.05,
    precision: 0.84 + index * 0.035,
    low: 0.78 + index * 0.04,
    high: 0.9 + index * 0.02,
    judged: 420 - index * 60,
  })),
  areas: { p_chr_auc: 0.291, pr_auc: 0.958, crr: 0.304, hit_rate: 0.31 },
  ...fields,
});

const hit = (
  number: number,
  asked: string,
  stored: string,
  fields: Partial<SimilarHitObject> = {},
): SimilarHitObject => ({
  id: `0199-hit-${number}`,
  created_at: ago(number * 700_000),
  served: true,
  entry: `entry-${number}`,
  partition: 'p',
  asked,
  stored,
  similarity: 0.953,
  probability: 0.991,
  log_id: `0199-hit-${number}`,
  stored_log_id: '0198-paid',
  model: 'gpt-4o-mini',
  age: 4000,
  saved: 0.00042,
  verdict: null,
  judged_by: null,
  note: null,
  ...fields,
});

/** With a stranger's text in every place that can hold one. */
export function similarAnswers(
  stranger = 'Where is the invoice for March?',
  summary: SemanticSummaryObject = summaryWith(),
): SimilarAnswers {
  const hits = [
    hit(1, stranger, `${stranger} please`, { model: stranger.slice(0, 200), note: stranger }),
    hit(2, 'What are your opening hours?', 'When are you open?', {
      verdict: 'right',
      judged_by: 'embedding',
    }),
    hit(3, 'How do I get there?', stranger, {
      served: false,
      log_id: null,
      verdict: 'wrong',
      judged_by: 'person',
    }),
    hit(4, 'Say it again. '.repeat(80), 'Tell me again. '.repeat(80), {
      verdict: 'unsure',
      judged_by: 'judge',
    }),
  ];
  return {
    summary,
    hits,
    pairs: hits.map(({ id, asked, stored, created_at }) => ({
      id: `pair-of-${id}`,
      asked,
      stored,
      created_at,
      hit: id,
    })),
    entries: hits.map(({ entry, stored, created_at, model }, index) => ({
      id: entry,
      partition: 'p',
      text: stored,
      provider: 'openai',
      model,
      created_at,
      expires_at: new Date(Date.now() + DAY_MS).toISOString(),
      hits: index * 3,
      bytes: 4200,
      cost: 0.00031,
      log_id: '0198-paid',
    })),
    comparison: {
      would_hit: false,
      reason: 'gate-words',
      detail: stranger,
      similarity: 0.971,
      verifier: null,
      probability: null,
      needed: 0.97,
    },
    check: { checked: hits.length, would_hit: [`pair-of-${hits[0]!.id}`] },
  };
}

/** Answers for the API of similar answers, in the browser of a visit; all else goes to the gateway. Changes are noted. */
export async function answerFor(context: BrowserContext, answers: SimilarAnswers): Promise<string[]> {
  const changes: string[] = [];
  await context.route('**/cache/semantic{,/**,\\?**}', (route) => {
    const request = route.request();
    const rest = new URL(request.url()).pathname.split('/cache/semantic')[1] ?? '';
    if (request.method() !== 'GET')
      changes.push(`${request.method()} ${rest} ${request.postData() ?? ''}`.trim());
    const lists: Readonly<Record<string, readonly unknown[]>> = {
      '/hits': answers.hits,
      '/wrong-pairs': answers.pairs,
      '/entries': answers.entries,
    };
    const rows = request.method() === 'GET' ? lists[rest] : undefined;
    const ones: Readonly<Record<string, unknown>> = {
      '': answers.summary,
      '/compare': answers.comparison,
      '/wrong-pairs/check': answers.check,
    };
    return route.fulfill({
      json: {
        success: true,
        errors: [],
        messages: [],
        result: rows ?? ones[rest] ?? {},
        ...(rows && {
          result_info: { page: 1, per_page: 20, count: rows.length, total_count: rows.length },
        }),
      },
    });
  });
  return changes;
}
