import { HitChecker } from '../../cache/semantic/evidence/checker.ts';
import type { SemanticChecks } from '../../cache/semantic/evidence/checks.ts';
import { semanticDesk } from '../../cache/semantic/evidence/desk.ts';
import type { Clock } from '../../core/clock.ts';
import { findHeader } from '../../core/headers.ts';
import type { Health } from '../../core/health.ts';
import type { CallGateway } from '../../core/inside-call.ts';
import type { Logger } from '../../core/logger.ts';
import type { Embedder } from '../../core/semantic.ts';
import type { SemanticDesk, SemanticTier } from '../../core/semantic-tier.ts';
import type { Gateway } from '../../core/stores/config.ts';
import type { SemanticAnswer, SemanticStore } from '../../core/stores/semantic.ts';
import type { EvidenceObserver, SemanticEvidenceStore } from '../../core/stores/semantic-evidence.ts';
import { readAnswer } from '../../dialects/conversation/read-answer.ts';
import { SqliteEvidenceStore } from '../../stores/sqlite/evidence.ts';
import { judgeForms } from './judge-forms.ts';

export interface CheckerOptions {
  readonly path: string;
  readonly clock: Clock;
  readonly health: Health;
  readonly logger: Logger;
  readonly callGateway: CallGateway;
  readonly entries: Pick<SemanticStore, 'remove'>;
  /** The local embedder; null while it is not loaded. */
  embedderOf(gateway: Gateway): Embedder | null;
  /** Counts for operators; null when nobody may read them. */
  readonly observer: EvidenceObserver | null;
  /** Replaced by tests. */
  readonly random?: () => number;
}

export interface Checker {
  readonly evidence: SemanticEvidenceStore;
  readonly checks: SemanticChecks;
  deskOf(tier: SemanticTier): SemanticDesk;
  /** To be called while calls through the gateway can still end: it gives up those that are under way. */
  close(): Promise<void>;
}

/** What is learnt about the semantic cache: its store, and what finds out in the background. Opens nothing by itself. */
export function openChecker(options: CheckerOptions): Checker {
  const { clock, health, logger, entries } = options;
  const evidence = new SqliteEvidenceStore({
    path: options.path,
    clock,
    observer: options.observer,
    onTrouble(message) {
      health.degrade('semantic-evidence', message, clock.now());
      logger.error({ problem: message }, 'the evidence of the semantic cache is in trouble');
    },
  });
  const checker = new HitChecker({
    ...options,
    evidence,
    forms: judgeForms,
    readAnswer: readAnswerText,
    embedderOf: (gateway) => options.embedderOf(gateway),
    random: options.random ?? Math.random,
  });
  return {
    evidence,
    checks: checker,
    deskOf: (tier) => semanticDesk({ tier, evidence, entries, watch: checker.watch, clock }),
    async close() {
      await checker.close();
      evidence.close();
    },
  };
}

/** The words of an answer, without what the model thought on its way; '' where there are none. */
function readAnswerText({ headers, body }: SemanticAnswer): string {
  try {
    const { answer } = readAnswer({
      bytes: body,
      contentType: findHeader(headers, 'content-type'),
      encoding: findHeader(headers, 'content-encoding') ?? '',
      truncated: false,
    });
    const texts = (answer?.parts ?? []).flatMap((part) => (part.type === 'text' ? [part.text] : []));
    return texts.join('\n');
  } catch {
    return '';
  }
}
