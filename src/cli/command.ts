import type { ArgsDef, CommandDef } from 'citty';
import { flagOf, PROVIDER_URLS, SETTINGS, type SettingRow } from '../config/setting-table.ts';
import type { readEnvironment } from '../environment.ts';
import type { Terminal } from '../terminal.ts';

export type Environment = ReturnType<typeof readEnvironment>;

/** What every command is handed. Flags are checked against the command's own list before it runs. */
export interface Invocation {
  readonly terminal: Terminal;
  readonly environment: Environment;
  /** Values by flag (`--port`) in the order given; a flag that takes no value has ''. */
  readonly flags: ReadonlyMap<string, readonly string[]>;
  /** Words that are no flags. */
  readonly words: readonly string[];
}

/** A command: its help, its flags, and what it does. Returns the exit code. */
export interface Command {
  /** `token create` */
  readonly name: string;
  readonly summary: string;
  readonly args: ArgsDef;
  /** Words it takes, for the help: `[]` for none. */
  readonly words: readonly { readonly name: string; readonly description: string }[];
  run(invocation: Invocation): Promise<number>;
}

/** Help flags for settings, out of the settings table: all of them, or those that a command has a use for. */
export function settingArgs(only?: readonly string[]): ArgsDef {
  const args: ArgsDef = {};
  const rows: readonly SettingRow[] = SETTINGS;
  for (const row of rows) {
    if (only && !only.includes(row.name)) continue;
    args[flagOf(row).slice(2)] = {
      type: 'string',
      description: row.description.replaceAll('`', '') + defaultOf(row),
      valueHint: row.name.split('_').at(-1) ?? 'value',
    };
  }
  if (!only || only.includes(PROVIDER_URLS.name)) {
    args[PROVIDER_URLS.flag.slice(2)] = {
      type: 'string',
      description: 'Base URL to use for a provider instead of its own; may be given several times.',
      valueHint: 'provider=url',
    };
  }
  return args;
}

/** Flags of the commands that work on a data folder or a running gateway. */
export const CLIENT_SETTINGS = [
  'config',
  'data',
  'host',
  'port',
  'account',
  'master_key_file',
  'log_level',
] as const;

const defaultOf = (row: SettingRow): string =>
  row.fallback === null || (Array.isArray(row.fallback) && row.fallback.length === 0)
    ? ''
    : ` Default: ${row.fallback === true ? 'on' : String(row.fallback)}.`;

/** The form in which citty renders help. */
export function helpOf(command: Command, version: string): CommandDef<ArgsDef> {
  const words: ArgsDef = Object.fromEntries(
    command.words.map((word) => [
      word.name,
      { type: 'positional' as const, description: word.description, required: true },
    ]),
  );
  const help: ArgsDef = { help: { type: 'boolean', description: 'Show this help.' } };
  return {
    meta: { name: `tidegate ${command.name}`, version, description: command.summary },
    args: { ...words, ...command.args, ...help },
  };
}
