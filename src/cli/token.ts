import { ROLES, type Role, roleOf } from '../config/roles.ts';
import type { Settings } from '../config/settings.ts';
import { StartError } from '../config/start-error.ts';
import type { Permission, Token } from '../core/stores/config.ts';
import { CLIENT_SETTINGS, type Command, type Invocation, settingArgs } from './command.ts';
import { settingsOf } from './load-settings.ts';
import { printable, table } from './printable.ts';
import { GATEWAY_ARGS, OWN_FLAGS, runningGateway } from './running-gateway.ts';

const PERMISSIONS: readonly Permission[] = ['run', 'read', 'metadata-read', 'edit', 'admin'];
const DAY_MS = 86_400_000;
const PAGE = 50;

/** What is shown of a token; the value itself only when it was made just now. */
interface ShownToken {
  readonly id: string;
  readonly name: string;
  readonly preview: string;
  readonly permissions: readonly string[];
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
}

/** How tokens are reached: through the management API of a running gateway, or in the data folder. */
interface Tokens {
  create(name: string, permissions: readonly Permission[], expiresAt: number | null): Promise<string>;
  list(): Promise<ShownToken[]>;
  revoke(id: string): Promise<boolean>;
  close(): void;
}

const args = { ...GATEWAY_ARGS, ...settingArgs(CLIENT_SETTINGS) };

export const tokenCreateCommand: Command = {
  name: 'token create',
  summary: 'Make a token; it is shown once.',
  args: {
    name: { type: 'string', description: 'Name to recognise it by. Default: cli.' },
    role: {
      type: 'string',
      description: `What it may do: ${Object.keys(ROLES).join(', ')}. Default: run.`,
    },
    permissions: {
      type: 'string',
      description: `Instead of a role, single permissions with commas: ${PERMISSIONS.join(', ')}.`,
    },
    'expires-days': { type: 'string', description: 'Days until it expires. Default: never.' },
    ...args,
  },
  words: [],
  async run(invocation) {
    const flag = (name: string): string | undefined => invocation.flags.get(name)?.at(-1);
    const permissions = readRights(flag('--role'), flag('--permissions'));
    const days = readDays(flag('--expires-days'));
    return withTokens(
      invocation,
      ['--name', '--role', '--permissions', '--expires-days'],
      async (tokens, now) => {
        const expiresAt = days === null ? null : now + days * DAY_MS;
        const value = await tokens.create(flag('--name') ?? 'cli', permissions, expiresAt);
        invocation.terminal.out(value);
        invocation.terminal.problem('This is shown once. Send it as `cf-aig-authorization: Bearer …`.');
        return 0;
      },
    );
  },
};

export const tokenListCommand: Command = {
  name: 'token list',
  summary: 'List the tokens.',
  args,
  words: [],
  run: (invocation) =>
    withTokens(invocation, [], async (tokens, now) => {
      const rows = (await tokens.list()).map((token) => [
        token.id,
        printable(token.name, 40),
        token.preview === '' ? '-' : `tg_${printable(token.preview, 12)}…`,
        roleOf(token.permissions as Permission[]) ?? token.permissions.join(','),
        dateOf(token.createdAt),
        stateOf(token, now),
      ]);
      for (const line of table([['ID', 'NAME', 'TOKEN', 'ROLE', 'CREATED', 'STATE'], ...rows])) {
        invocation.terminal.out(line);
      }
      return 0;
    }),
};

export const tokenRevokeCommand: Command = {
  name: 'token revoke',
  summary: 'Revoke a token by its id; a running gateway refuses it within a second.',
  args,
  words: [{ name: 'id', description: 'Id of the token, as `tidegate token list` shows it.' }],
  run: (invocation) =>
    withTokens(invocation, [], async (tokens) => {
      const id = invocation.words[0]!;
      if (!(await tokens.revoke(id))) {
        throw new StartError('usage', `there is no token ${printable(id)}: see \`tidegate token list\``);
      }
      invocation.terminal.out(`revoked ${id}`);
      return 0;
    }),
};

async function withTokens(
  invocation: Invocation,
  ownFlags: readonly string[],
  work: (tokens: Tokens, nowMs: number) => Promise<number>,
): Promise<number> {
  const [settings, { systemClock }, { holderOf }] = await Promise.all([
    settingsOf(invocation, [...OWN_FLAGS, ...ownFlags]),
    import('../core/clock.ts'),
    import('../config/data-folder.ts'),
  ]);
  const now = systemClock().now();
  const hasToken = invocation.flags.has('--token') || settings.adminToken !== null;
  const isRunning = holderOf(settings.dataFolder) !== null;
  const tokens =
    invocation.flags.has('--url') || (isRunning && hasToken)
      ? throughApi(settings, invocation)
      : await inDataFolder(settings, isRunning, now);
  try {
    return await work(tokens, now);
  } finally {
    tokens.close();
  }
}

function throughApi(settings: Settings, invocation: Invocation): Tokens {
  const client = runningGateway(settings, invocation);
  return {
    async create(name, permissions, expiresAt) {
      const made = (await client.ask('POST', 'tokens', {
        name,
        permissions,
        ...(expiresAt === null ? {} : { expires_at: new Date(expiresAt).toISOString() }),
      })) as { value: string };
      return made.value;
    },
    async list() {
      const rows: Record<string, unknown>[] = [];
      for (let page = 1; ; page++) {
        const found = (await client.ask('GET', `tokens?per_page=${PAGE}&page=${page}`)) as typeof rows;
        rows.push(...found);
        if (found.length < PAGE) break;
      }
      const time = (value: unknown): number | null => (typeof value === 'string' ? Date.parse(value) : null);
      return rows.map((row) => ({
        id: printable(row.id),
        name: printable(row.name),
        preview: printable(row.preview ?? ''),
        permissions: Array.isArray(row.permissions) ? row.permissions.map((item) => printable(item)) : [],
        createdAt: time(row.created_at) ?? 0,
        expiresAt: time(row.expires_at),
        revokedAt: time(row.revoked_at),
      }));
    },
    async revoke(id) {
      await client.ask('DELETE', `tokens/${encodeURIComponent(id)}`);
      return true;
    },
    close() {},
  };
}

/**
 * Whoever may write the data folder may make tokens. A running gateway holds the folder, but shares this one file, and
 * takes over what is written to it within a second.
 */
async function inDataFolder(settings: Settings, isRunning: boolean, now: number): Promise<Tokens> {
  const [
    { openExistingDataFolder },
    { openConfigStore },
    { mintToken },
    { auditContent, auditedToken, COMMAND_LINE },
    { join },
  ] = await Promise.all([
    import('../config/data-folder.ts'),
    import('../stores/sqlite/config.ts'),
    import('../config/tokens.ts'),
    import('../config/audit-content.ts'),
    import('node:path'),
  ]);
  const folder = isRunning ? null : openExistingDataFolder(settings.dataFolder, now);
  const store = openConfigStore(join(folder?.path ?? settings.dataFolder, 'config.db'));
  const put = (token: Token, before: Token | null): void =>
    store.transaction(() => {
      store.putToken(token);
      store.audit.append([
        auditContent({
          account: token.account,
          atMs: now,
          actor: COMMAND_LINE,
          action: before === null ? 'create' : 'revoke',
          type: 'ai_gateway.token',
          id: token.id,
          before: before && auditedToken(before),
          after: auditedToken(token),
        }),
      ]);
    });
  return {
    async create(name, permissions, expiresAt) {
      const { value, hash, preview } = mintToken();
      const token: Token = {
        id: `tok_${hash.slice(0, 20)}`,
        account: settings.account,
        name,
        hash,
        preview,
        permissions,
        createdAt: now,
        expiresAt,
        revokedAt: null,
      };
      put(token, null);
      return value.reveal();
    },
    async list() {
      return store.listTokens(settings.account);
    },
    async revoke(id) {
      const found = store.listTokens(settings.account).find((token: Token) => token.id === id);
      if (!found) return false;
      if (found.revokedAt === null) put({ ...found, revokedAt: now }, found);
      return true;
    },
    close() {
      store.close();
      folder?.close();
    },
  };
}

function readRights(role: string | undefined, permissions: string | undefined): readonly Permission[] {
  if (permissions === undefined) {
    const name = role ?? 'run';
    if (Object.hasOwn(ROLES, name)) return ROLES[name as Role];
    throw new StartError('usage', `--role: ${printable(name)} is none of ${Object.keys(ROLES).join(', ')}`);
  }
  if (role !== undefined) throw new StartError('usage', 'give --role or --permissions, not both');
  return readPermissions(permissions);
}

function readPermissions(text: string): Permission[] {
  return text.split(',').map((word) => {
    const permission = PERMISSIONS.find((known) => known === word.trim());
    if (!permission) {
      throw new StartError('usage', `--permissions: ${printable(word)} is none of ${PERMISSIONS.join(', ')}`);
    }
    return permission;
  });
}

function readDays(text: string | undefined): number | null {
  if (text === undefined) return null;
  const days = Number(text);
  if (!Number.isInteger(days) || days < 1 || days > 36_500) {
    throw new StartError('usage', `--expires-days ${printable(text)} is not a whole number from 1 to 36500`);
  }
  return days;
}

const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

const stateOf = (token: ShownToken, now: number): string => {
  if (token.revokedAt !== null) return `revoked ${dateOf(token.revokedAt)}`;
  if (token.expiresAt === null) return 'valid';
  return token.expiresAt <= now
    ? `expired ${dateOf(token.expiresAt)}`
    : `valid until ${dateOf(token.expiresAt)}`;
};
