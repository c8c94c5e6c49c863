/** `npm run semantic:evaluate [-- --data <folder>]`: what the semantic cache reaches, on pairs, in a stream and on traps. */
import { loadScore } from '../../src/cache/semantic/score/score.ts';
import { openOutputs } from './outputs.ts';
import { printTraps } from './trap-figures.ts';

const outputs = await openOutputs(console.log);
await printTraps(await loadScore(), outputs, process.argv.includes('--verbose'));
await outputs.close();
