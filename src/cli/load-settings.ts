import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  loadSettings,
  readSettings,
  type Settings,
  type SettingsInput,
  type SettingsReading,
} from '../config/settings.ts';
import { reasonOf, StartError } from '../config/start-error.ts';
import type { Invocation } from './command.ts';

const USUAL_FILE = 'tidegate.yaml';

/** Settings out of the flags, the file and the variables of this process. Throws StartError with all that is wrong. */
export async function settingsOf(
  invocation: Invocation,
  ownFlags: readonly string[] = [],
): Promise<Settings> {
  return loadSettings(await inputOf(invocation, ownFlags));
}

export async function readingOf(invocation: Invocation): Promise<SettingsReading & { file: string | null }> {
  const input = await inputOf(invocation, []);
  return { ...readSettings(input), file: input.file?.path ?? null };
}

/** `ownFlags` are the command's flags that are no settings. */
async function inputOf(invocation: Invocation, ownFlags: readonly string[]): Promise<SettingsInput> {
  const { environment } = invocation;
  const flags = new Map([...invocation.flags].filter(([flag]) => !ownFlags.includes(flag)));
  const [{ PROVIDERS }, file] = await Promise.all([
    import('../providers/registry.ts'),
    readFile(
      flags.get('--config')?.at(-1) ?? (environment.variables.TIDEGATE_CONFIG || null),
      environment.workingFolder,
    ),
  ]);
  const providers = [...new Set([...PROVIDERS.values()].map((provider) => provider.id))];
  return { flags, env: environment.variables, file, providers };
}

async function readFile(named: string | null, workingFolder: string): Promise<SettingsInput['file']> {
  const path = resolve(workingFolder, named ?? USUAL_FILE);
  if (named === null && !existsSync(path)) return null;
  const shown = named ?? USUAL_FILE;
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch (error) {
    throw new StartError(
      'settings',
      `the settings file ${shown} cannot be read (${reasonOf(error)}): correct --config or TIDEGATE_CONFIG`,
    );
  }
  const { parseSettingsFile } = await import('../config/settings-file.ts');
  return { path: shown, ...parseSettingsFile(content) };
}
