import { usageOf } from '../answer-facts.ts';
import { amountOf, statedUnits } from '../json-fields.ts';
import { unitsReader } from '../units-reader.ts';

/** A header states how many units are billed; what a unit is differs by model. */
export const falReader = unitsReader({
  usageOfHeaders: (headers) =>
    usageOf({ units: statedUnits({ billable_units: amountOf(headers['x-fal-billable-units']) }) }),
});
