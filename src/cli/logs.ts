import { setTimeout as delay } from 'node:timers/promises';
import { StartError } from '../config/start-error.ts';
import { CLIENT_SETTINGS, type Command, settingArgs } from './command.ts';
import { settingsOf } from './load-settings.ts';
import { printable } from './printable.ts';
import { type LogLine, PAGE, RecordTail } from './record-tail.ts';
import { GATEWAY_ARGS, OWN_FLAGS, runningGateway } from './running-gateway.ts';

const POLL_MS = 1_000;

export const logsTailCommand: Command = {
  name: 'logs tail',
  summary: 'Print the latest records of a gateway, and follow them.',
  args: {
    gateway: { type: 'string', description: 'Gateway whose records to show. Default: default.' },
    follow: { type: 'boolean', description: 'Keep printing records as they come, until Ctrl-C.' },
    limit: { type: 'string', description: 'Records to begin with, 0 to 50. Default: 20.' },
    ...GATEWAY_ARGS,
    ...settingArgs(CLIENT_SETTINGS),
  },
  words: [],
  async run(invocation) {
    const settings = await settingsOf(invocation, [...OWN_FLAGS, '--gateway', '--follow', '--limit']);
    const flag = (name: string): string | undefined => invocation.flags.get(name)?.at(-1);
    const client = runningGateway(settings, invocation);
    const limit = Number(flag('--limit') ?? 20);
    if (!Number.isInteger(limit) || limit < 0 || limit > PAGE) {
      throw new StartError('usage', `--limit ${flag('--limit')} is not a whole number from 0 to ${PAGE}`);
    }
    const tail = new RecordTail(client, flag('--gateway') ?? 'default');
    const { terminal } = invocation;
    const latest = await tail.read();
    for (const row of latest.slice(latest.length - Math.min(limit, latest.length))) terminal.out(lineOf(row));
    if (!invocation.flags.has('--follow')) return 0;
    for (;;) {
      await delay(POLL_MS);
      for (const row of await tail.read()) terminal.out(lineOf(row));
      if (tail.hasGap) terminal.problem('… records came faster than they can be shown; some are left out');
    }
  },
};

/** `14:03:22.120  200  openai  gpt-4o-mini  chat/completions  812 ms  12→48 tokens  $0.000031  cached` */
export function lineOf(row: LogLine): string {
  const tokens =
    row.tokens_in === null && row.tokens_out === null
      ? '-'
      : `${row.tokens_in ?? '?'}→${row.tokens_out ?? '?'} tokens`;
  const cost = typeof row.cost === 'number' ? `$${row.cost.toFixed(6)}` : '-';
  return [
    printable(row.created_at).slice(11, 23),
    String(row.status_code ?? '-').padStart(3),
    printable(row.provider).padEnd(12),
    printable(row.model ?? '-', 40).padEnd(28),
    printable(row.path, 60).padEnd(24),
    `${Math.round(row.duration)} ms`.padStart(9),
    tokens.padStart(16),
    cost.padStart(10),
    row.cached ? ' cached' : row.success ? '' : ' failed',
    ` ${printable(row.id)}`,
  ].join(' ');
}
