import { setTimeout as delay } from 'node:timers/promises';
import { StartError } from '../config/start-error.ts';
import { CLIENT_SETTINGS, type Command, settingArgs } from './command.ts';
import { settingsOf } from './load-settings.ts';
import type { ManagementClient } from './management-client.ts';
import { printable } from './printable.ts';
import { GATEWAY_ARGS, OWN_FLAGS, runningGateway } from './running-gateway.ts';

const POLL_MS = 1_000;
const PAGE = 50;
/** Pages looked through for records that came between two looks; beyond it the gap is said. */
const MOST_PAGES = 10;

/** A log row as the management API gives it; only what a line shows. */
interface Row {
  readonly id: string;
  readonly created_at: string;
  readonly provider: string;
  readonly model: string | null;
  readonly path: string;
  readonly status_code: number | null;
  readonly success: boolean;
  readonly cached: boolean;
  readonly duration: number;
  readonly tokens_in: number | null;
  readonly tokens_out: number | null;
  readonly cost?: number | null;
}

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
    const tail = new Tail(client, flag('--gateway') ?? 'default');
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

/** Reads what is new since the last look, oldest first. */
class Tail {
  hasGap = false;
  readonly #client: ManagementClient;
  readonly #path: string;
  /** Ids of the last look's newest records: two pages of them, since records may arrive out of order. */
  #seen: Set<string> | null = null;

  constructor(client: ManagementClient, gateway: string) {
    this.#client = client;
    this.#path = `gateways/${encodeURIComponent(gateway)}/logs?order_by=created_at&order_by_direction=desc&per_page=${PAGE}`;
  }

  async read(): Promise<Row[]> {
    const fresh: Row[] = [];
    const seen = this.#seen;
    this.hasGap = false;
    const ids: string[] = [];
    for (let page = 1; page <= MOST_PAGES; page++) {
      const rows = (await this.#client.ask('GET', `${this.#path}&page=${page}`)) as Row[];
      ids.push(...rows.map((row) => row.id));
      const unseen = rows.filter((row) => !seen?.has(row.id));
      fresh.push(...unseen);
      if (seen === null || unseen.length < rows.length || rows.length < PAGE) break;
      this.hasGap = page === MOST_PAGES;
    }
    this.#seen = new Set([...ids, ...(seen ?? [])].slice(0, PAGE * (MOST_PAGES + 2)));
    // Records shift between pages while they are read: the same one may come twice.
    return [...new Map(fresh.reverse().map((row) => [row.id, row])).values()];
  }
}

/** `14:03:22.120  200  openai  gpt-4o-mini  chat/completions  812 ms  12→48 tokens  $0.000031  cached` */
export function lineOf(row: Row): string {
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
