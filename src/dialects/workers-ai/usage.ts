import type { Usage } from '../../core/usage.ts';
import { usageOf } from '../answer-facts.ts';
import { amountOf, type Fields, fieldsOf, statedUnits, within } from '../json-fields.ts';
import { readOpenAiUsage } from '../openai/usage.ts';

/** Usage of what a model of Workers AI gave: tokens for text, the length of the audio for speech recognition. */
export function readWorkersAiUsage(result: Fields): Usage | null {
  const usage = fieldsOf(result.usage);
  if (usage) return readOpenAiUsage(usage);
  return usageOf({
    units: statedUnits({ seconds: amountOf(within(result, 'transcription_info').duration) }),
  });
}
