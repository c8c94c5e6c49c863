/** `npm run semantic:evaluate [-- --data <folder> --verbose]`: what the semantic cache reaches on pairs, in a stream, on traps. */
import { loadScore } from '../../src/cache/semantic/score/score.ts';
import { openPairData } from './data.ts';
import { labelledFacts } from './labelled.ts';
import { openOutputs } from './outputs.ts';
import { printPairFigures } from './pair-figures.ts';
import { printStream } from './stream.ts';
import { printTraps } from './trap-figures.ts';

const outputs = await openOutputs(console.log);
const data = openPairData();
if (data !== null && !process.argv.includes('--traps')) {
  const labelled = await labelledFacts(data, outputs);
  printPairFigures(labelled);
  await printStream(data, labelled, outputs);
}
await printTraps(await loadScore(), outputs.models, process.argv.includes('--verbose'));
await outputs.close();
