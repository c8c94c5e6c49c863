import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly problem: string;
}

/** The real command, running. */
export interface TidegateProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Waits for standard output to hold the text; rejects when the process ends first. Resolves to all output so far. */
  printed(text: string): Promise<string>;
}

const program = join(import.meta.dirname, '../../src/cli.ts');

/** Starts `tidegate` in a folder, with no variables but those given. */
export function startTidegate(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): TidegateProcess {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let problem = '';
  const waiting = new Set<() => void>();
  child.stdout.on('data', (chunk) => {
    out += String(chunk);
    for (const look of waiting) look();
  });
  child.stderr.on('data', (chunk) => {
    problem += String(chunk);
  });
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code) => resolve({ code, out, problem }));
  });
  const printed = (text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (!out.includes(text)) return;
        waiting.delete(look);
        resolve(out);
      };
      waiting.add(look);
      void ended.then(() => reject(new Error(`ended without printing ${text}: ${out}${problem}`)));
      look();
    });
  return { child, ended, printed };
}

/** Runs `tidegate` to its end. */
export const runTidegate = (...given: Parameters<typeof startTidegate>): Promise<Ended> =>
  startTidegate(...given).ended;
