import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** The gateway has a core to itself; upstream, load generator and this script share the other. */
export const GATEWAY_CORE = 0;
export const LOAD_CORE = 1;

const running = new Set<ChildProcess>();

export interface Child {
  readonly pid: number;
  /** Sends one JSON line and waits for the first line back that has the field. */
  ask<T>(message: unknown, field: string, value?: unknown): Promise<T>;
  waitFor<T>(field: string, value?: unknown): Promise<T>;
  /** What the process said last on stderr and stdout. */
  lastWords(): string;
  readonly exited: Promise<number | null>;
  stop(): Promise<void>;
}

/** Starts a command on one core. taskset replaces itself by the command, so the pid is the command's own. */
export function startChild(
  core: number,
  command: readonly string[],
  options: { env?: Record<string, string>; cwd?: string } = {},
): Child {
  const child = spawn('taskset', ['-c', String(core), ...command], {
    stdio: ['pipe', 'pipe', 'pipe'],
    cwd: options.cwd,
    env: { ...process.env, NODE_ENV: 'production', ...options.env },
  });
  if (!child.pid || !child.stdout || !child.stderr || !child.stdin)
    throw new Error('cannot start taskset: install util-linux');
  running.add(child);
  const recent: string[] = [];
  const waiters = new Set<(line: string) => void>();
  const keep = (line: string): void => {
    recent.push(line);
    if (recent.length > 20) recent.shift();
  };
  createInterface({ input: child.stderr }).on('line', keep);
  createInterface({ input: child.stdout }).on('line', (line) => {
    keep(line);
    for (const waiter of waiters) waiter(line);
  });
  child.stdin.on('error', () => {});
  const exited = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => {
      running.delete(child);
      resolve(code);
    });
  });
  const lastWords = (): string => recent.join('\n');
  const waitFor = <T>(field: string, value?: unknown): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      const waiter = (line: string): void => {
        if (!line.startsWith('{')) return;
        const message = JSON.parse(line) as Record<string, unknown>;
        if (!(field in message) || (value !== undefined && message[field] !== value)) return;
        waiters.delete(waiter);
        resolve(message as T);
      };
      waiters.add(waiter);
      void exited.then((code) => reject(new Error(`${command.join(' ')} ended (${code}): ${lastWords()}`)));
    });
  return {
    pid: child.pid,
    waitFor,
    ask(message, field, value) {
      const answer = waitFor<never>(field, value);
      child.stdin.write(`${JSON.stringify(message)}\n`);
      return answer;
    },
    lastWords,
    exited,
    async stop() {
      child.stdin.end();
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await exited;
      clearTimeout(timer);
    },
  };
}

/** For the exit handler: nothing that was started here outlives this process. */
export function killAll(): void {
  for (const child of running) child.kill('SIGTERM');
}
