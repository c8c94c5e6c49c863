import { usageOf } from '../answer-facts.ts';
import { amountOf, statedUnits } from '../json-fields.ts';
import { unitsReader } from '../units-reader.ts';

/** Recognition states the length of the audio; speech states nothing. */
export const cartesiaReader = unitsReader({
  wanted: { duration: true },
  usageOfBody: (body) => usageOf({ units: statedUnits({ seconds: amountOf(body.duration) }) }),
});
