/** `npm run semantic:calibrate [-- --data <folder>]`: fits the score of the semantic cache and writes what is shipped. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeScore } from '../../src/cache/semantic/score/score.ts';
import { openPairData } from './data.ts';
import { labelledFacts } from './labelled.ts';
import { makeCalibration } from './make-calibration.ts';
import { openOutputs } from './outputs.ts';

const SHIPPED = join(import.meta.dirname, '../../src/cache/semantic/score/calibration.json');

const data = openPairData();
if (data === null) process.exit(1);
const outputs = await openOutputs(console.log);
const { pairs, traffic } = await labelledFacts(data, outputs);
await outputs.close();
const calibration = makeCalibration(pairs, traffic, {
  embedder: outputs.embedder,
  verifier: outputs.verifier,
});
// One row of the sample to a line: a change of the data is then a change that can be read.
const { sample, ...model } = calibration;
const rows = sample.map((row) => `    ${JSON.stringify(row).replaceAll(',', ', ')}`).join(',\n');
writeFileSync(SHIPPED, `${JSON.stringify(model, null, 2).slice(0, -2)},\n  "sample": [\n${rows}\n  ]\n}\n`);

const count = (source: string): number => pairs.filter((pair) => pair.source === source).length;
console.log(`fitted on ${count('judged')} judged, ${count('read')} read and ${count('made')} made pairs`);
for (const budget of [0.005, 0.01, 0.02, 0.05, 0.1])
  console.log(
    `budget ${(100 * budget).toFixed(1)} %: served from a probability of ${makeScore(calibration).leastProbability(budget)}`,
  );
