import { reportFailure, runCommandLine } from './cli/run.ts';
import { readEnvironment } from './environment.ts';
import { processTerminal } from './terminal.ts';

const environment = readEnvironment();
const terminal = processTerminal(environment.variables);

try {
  process.exitCode = await runCommandLine({ environment, terminal });
} catch (error) {
  process.exitCode = await reportFailure(error, terminal, environment);
}
