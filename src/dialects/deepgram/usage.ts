import type { Usage } from '../../core/usage.ts';
import { usageOf } from '../answer-facts.ts';
import {
  amountOf,
  countOf,
  type Fields,
  fieldsOf,
  statedUnits,
  sumOfStated,
  within,
} from '../json-fields.ts';
import { unitsReader } from '../units-reader.ts';

/** Recognition states the length of the audio and its channels, speech its characters in a header. */
export const deepgramReader = unitsReader({
  wanted: { metadata: true, err_code: true },
  modelOf: (body) => {
    const models = Object.values(within(within(body, 'metadata'), 'model_info'));
    return fieldsOf(models[0])?.name;
  },
  usageOfBody: (body) => readMetadata(within(body, 'metadata')),
  usageOfHeaders: (headers) =>
    usageOf({ units: statedUnits({ characters: amountOf(headers['dg-char-count']) }) }),
});

function readMetadata(metadata: Fields): Usage | null {
  let inputTokens: number | null = null;
  let outputTokens: number | null = null;
  for (const name of ['summary_info', 'sentiment_info', 'topics_info', 'intents_info']) {
    const info = within(metadata, name);
    inputTokens = sumOfStated(inputTokens, countOf(info.input_tokens));
    outputTokens = sumOfStated(outputTokens, countOf(info.output_tokens));
  }
  return usageOf({
    inputTokens,
    outputTokens,
    units: statedUnits({ seconds: amountOf(metadata.duration), channels: amountOf(metadata.channels) }),
  });
}
