import { join } from 'node:path';
import type { Settings } from '../config/settings.ts';
import { StartError } from '../config/start-error.ts';
import type { AuditEntry, AuditVerdict } from '../core/stores/audit.ts';
import { CLIENT_SETTINGS, type Command, type Invocation, settingArgs } from './command.ts';
import { settingsOf } from './load-settings.ts';
import { printable, table } from './printable.ts';
import { GATEWAY_ARGS, OWN_FLAGS, runningGateway } from './running-gateway.ts';

const MOST_LISTED = 100;

/** How the audit log is reached: through the management API of a running gateway, or in the data folder. */
interface ReachedLog {
  list(limit: number): Promise<readonly AuditEntry[]>;
  verify(): Promise<AuditVerdict>;
  /** Null where only the data folder can tell. */
  has(hash: string): boolean | null;
  close(): void;
}

const args = { ...GATEWAY_ARGS, ...settingArgs(CLIENT_SETTINGS) };

export const auditListCommand: Command = {
  name: 'audit list',
  summary: 'List who changed what, newest last.',
  args: {
    limit: { type: 'string', description: `Entries to show, 1 to ${MOST_LISTED}. Default: 20.` },
    ...args,
  },
  words: [],
  async run(invocation) {
    const given = invocation.flags.get('--limit')?.at(-1) ?? '20';
    const limit = Number(given);
    if (!Number.isInteger(limit) || limit < 1 || limit > MOST_LISTED) {
      throw new StartError(
        'usage',
        `--limit ${printable(given)} is not a whole number from 1 to ${MOST_LISTED}`,
      );
    }
    return withLog(invocation, ['--limit'], async (log) => {
      const rows = [...(await log.list(limit))]
        .reverse()
        .map((entry) => [
          printable(entry.action.time),
          printable(entry.action.result === 'success' ? entry.action.type : `${entry.action.type} (failed)`),
          printable(entry.resource.type.replace(/^ai_gateway\./, '')),
          printable(entry.resource.id ?? '-', 48),
          printable(entry.actor.token_name ?? entry.actor.context, 32),
          printable(entry.actor.ip_address ?? '-'),
        ]);
      for (const line of table([['TIME', 'ACTION', 'WHAT', 'ID', 'WHO', 'FROM'], ...rows])) {
        invocation.terminal.out(line);
      }
      return 0;
    });
  },
};

export const auditVerifyCommand: Command = {
  name: 'audit verify',
  summary: 'Check that the audit log is as it was written. Exit code 1 names the first entry that is not.',
  args: {
    'known-hash': {
      type: 'string',
      description:
        'Hash that an earlier check printed: the log must still have that entry. Data folder only.',
    },
    ...args,
  },
  words: [],
  run: (invocation) =>
    withLog(invocation, ['--known-hash'], async (log) => {
      const { terminal } = invocation;
      const { entries, head, broken } = await log.verify();
      if (broken !== null) {
        const id = broken.id === null ? '' : ` (${printable(broken.id)})`;
        terminal.problem(
          `entry ${broken.sequence}${id} is not as it was written: ${printable(broken.reason)}`,
        );
        terminal.problem(`${entries} entries before it are intact`);
        return 1;
      }
      const known = invocation.flags.get('--known-hash')?.at(-1);
      if (known !== undefined) {
        const isThere = log.has(known.toLowerCase());
        if (isThere === null) {
          throw new StartError(
            'usage',
            '--known-hash needs the data folder: run the command beside it, without --url',
          );
        }
        if (!isThere) {
          terminal.problem(
            `no entry has the hash ${printable(known)}: the log was rewritten, or is another one`,
          );
          return 1;
        }
      }
      terminal.out(`${entries} entries are intact`);
      if (head !== null) terminal.out(`newest hash ${printable(head)}`);
      return 0;
    }),
};

async function withLog(
  invocation: Invocation,
  ownFlags: readonly string[],
  work: (log: ReachedLog) => Promise<number>,
): Promise<number> {
  const settings = await settingsOf(invocation, [...OWN_FLAGS, ...ownFlags]);
  const log = invocation.flags.has('--url') ? throughApi(settings, invocation) : await inDataFolder(settings);
  try {
    return await work(log);
  } finally {
    log.close();
  }
}

function throughApi(settings: Settings, invocation: Invocation): ReachedLog {
  const client = runningGateway(settings, invocation);
  return {
    list: async (limit) => (await client.ask('GET', `audit-logs?per_page=${limit}`)) as AuditEntry[],
    verify: async () => (await client.ask('GET', 'audit-logs/verify')) as AuditVerdict,
    has: () => null,
    close() {},
  };
}

/** Also beside a running gateway: it shares this one file. */
async function inDataFolder(settings: Settings): Promise<ReachedLog> {
  const [{ holderOf, openExistingDataFolder }, { openConfigStore }, { systemClock }] = await Promise.all([
    import('../config/data-folder.ts'),
    import('../stores/sqlite/config.ts'),
    import('../core/clock.ts'),
  ]);
  const isRunning = holderOf(settings.dataFolder) !== null;
  const folder = isRunning ? null : openExistingDataFolder(settings.dataFolder, systemClock().now());
  const store = openConfigStore(join(folder?.path ?? settings.dataFolder, 'config.db'));
  const everything = {
    from: null,
    to: null,
    actor: null,
    action: null,
    resourceType: null,
    resourceId: null,
    offset: 0,
  };
  return {
    list: async (limit) => store.audit.list(settings.account, { ...everything, limit }).entries,
    verify: () => store.audit.verify(settings.account),
    has: (hash) => store.audit.has(settings.account, hash),
    close() {
      store.close();
      folder?.close();
    },
  };
}
