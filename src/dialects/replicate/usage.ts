import type { Usage } from '../../core/usage.ts';
import { usageOf } from '../answer-facts.ts';
import { amountOf, countOf, type Fields, firstCount, statedUnits } from '../json-fields.ts';

/** `metrics` of a prediction: the seconds that hardware ran, and what official models count besides. */
export function readReplicateUsage(metrics: Fields): Usage | null {
  return usageOf({
    inputTokens: firstCount(metrics.input_token_count, metrics.token_input_count),
    outputTokens: firstCount(metrics.output_token_count, metrics.token_output_count),
    cacheReadTokens: countOf(metrics.input_token_count_cached),
    units: statedUnits({
      seconds: amountOf(metrics.predict_time),
      images: amountOf(metrics.image_output_count) ?? amountOf(metrics.image_count),
      video_seconds: amountOf(metrics.video_output_duration_seconds),
      audio_seconds: amountOf(metrics.audio_output_duration_seconds),
      characters: amountOf(metrics.character_input_count),
    }),
  });
}
