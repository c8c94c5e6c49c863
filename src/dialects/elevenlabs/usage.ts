import { usageOf } from '../answer-facts.ts';
import { amountOf, statedUnits } from '../json-fields.ts';
import { unitsReader } from '../units-reader.ts';

/** Speech states its characters in a header; recognition, in newer models, the length of the audio. */
export const elevenLabsReader = unitsReader({
  wanted: { audio_duration_secs: true, transcription_id: true },
  usageOfBody: (body) => usageOf({ units: statedUnits({ seconds: amountOf(body.audio_duration_secs) }) }),
  usageOfHeaders: (headers) =>
    usageOf({ units: statedUnits({ characters: amountOf(headers['character-cost']) }) }),
});
