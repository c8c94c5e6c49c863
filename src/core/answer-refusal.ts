import type { Exchange, Step } from './exchange.ts';

/** Why an answer that was received may not be given again; null when it may. */
export function answerRefusal(exchange: Exchange, step: Step): string | null {
  const { answer } = exchange;
  if (!answer || answer.step !== step || !answer.facts) return 'the answer was not read';
  if (!answer.capture.isWhole) return 'the answer is larger than the capture limit';
  switch (answer.facts.ending) {
    case 'whole':
      return null;
    case 'limit':
      return `the answer was cut by a token limit (${answer.facts.finishReason})`;
    case 'refused':
      return `the answer is a refusal (${answer.facts.finishReason})`;
    case 'failed':
      return 'the answer is an error';
    case 'unfinished':
      return 'the answer has no end mark';
  }
}
