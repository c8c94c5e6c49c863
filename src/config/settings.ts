import { didYouMean } from './nearest.ts';
import { readBaseUrl } from './setting-forms.ts';
import {
  CLIENT_VARIABLES,
  flagOf,
  PROVIDER_URLS,
  providerVariable,
  SETTINGS,
  type SettingRow,
  type SettingValues,
  variableOf,
} from './setting-table.ts';
import type { SettingsFile } from './settings-file.ts';
import { StartError } from './start-error.ts';

/** What the process was started with: read once, immutable. */
export interface Settings extends SettingValues {
  /** Base URLs by provider id, without a trailing slash. */
  readonly providerUrls: Readonly<Record<string, string>>;
  /** The same with their sources, for people to read. */
  readonly resolved: readonly ResolvedSetting[];
}

export type SourceKind = 'flag' | 'file' | 'variable' | 'default';

/** A setting with its source, as `tidegate doctor` explains it. */
export interface ResolvedSetting {
  readonly name: string;
  /** Null when nothing sets it and it has no default. Secrets are Secret. */
  readonly value: unknown;
  readonly source: SourceKind;
  /** `--port`, `tidegate.yaml line 3`, `TIDEGATE_PORT`, `default`. */
  readonly where: string;
  /** Sources that set it too, and lost. */
  readonly overridden: readonly string[];
  readonly problem: string | null;
}

export interface SettingsInput {
  /** Values by flag (`--port`), in the order given. */
  readonly flags: ReadonlyMap<string, readonly string[]>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The settings file, read by parseSettingsFile(); null when there is none. */
  readonly file: (SettingsFile & { readonly path: string }) | null;
  /** Ids of the known providers, for their base URLs. */
  readonly providers: readonly string[];
}

export interface SettingsReading {
  readonly settings: Settings;
  readonly resolved: readonly ResolvedSetting[];
  /** Everything that is wrong, one line each. `settings` has defaults in the places concerned. */
  readonly problems: readonly string[];
  /** Variables that are there but empty: they count as not set. */
  readonly emptyVariables: readonly string[];
}

interface Candidate {
  readonly source: SourceKind;
  readonly where: string;
  readonly raw: unknown;
}

/** Throws StartError with every problem there is. Flags are stronger than the file, the file than variables. */
export function loadSettings(input: SettingsInput): Settings {
  const reading = readSettings(input);
  if (reading.problems.length > 0) throw new StartError('settings', reading.problems);
  return reading.settings;
}

/** As loadSettings, but reports problems beside what could be read. */
export function readSettings(input: SettingsInput): SettingsReading {
  const candidates = new Map<string, Candidate[]>();
  const problems: string[] = [];
  const offer = (name: string, candidate: Candidate): void => {
    candidates.set(name, [...(candidates.get(name) ?? []), candidate]);
  };
  offerFlags(input, offer, problems);
  offerFile(input, offer, problems);
  offerVariables(input, offer, problems);

  const resolved: ResolvedSetting[] = [];
  const values: Record<string, unknown> = {};
  for (const row of SETTINGS) {
    const setting = resolve(row, candidates.get(row.name) ?? []);
    resolved.push(setting);
    values[row.property] = setting.value;
  }
  const providerUrls: Record<string, string> = {};
  for (const provider of input.providers) {
    const given = candidates.get(`${PROVIDER_URLS.name}.${provider}`);
    if (!given) continue;
    const setting = resolveProviderUrl(provider, given);
    resolved.push(setting);
    if (typeof setting.value === 'string') providerUrls[provider] = setting.value;
  }
  for (const setting of resolved) if (setting.problem) problems.push(setting.problem);
  const emptyVariables = Object.keys(input.env).filter(
    (name) => name.startsWith('TIDEGATE_') && input.env[name] === '',
  );
  return {
    settings: Object.freeze({ ...(values as unknown as SettingValues), providerUrls, resolved }),
    resolved,
    problems,
    emptyVariables,
  };
}

function resolve(row: SettingRow, given: readonly Candidate[]): ResolvedSetting {
  const [chosen, ...weaker] = given;
  if (!chosen) {
    return {
      name: row.name,
      value: row.fallback,
      source: 'default',
      where: 'default',
      overridden: [],
      problem: null,
    };
  }
  const parsed = row.kind.schema.safeParse(chosen.raw);
  const found = {
    name: row.name,
    source: chosen.source,
    where: chosen.where,
    overridden: weaker.map((candidate) => candidate.where),
  };
  if (parsed.success) return { ...found, value: parsed.data, problem: null };
  const details = parsed.error.issues
    .filter((issue) => issue.code === 'custom')
    .map((issue) => issue.message);
  const shown = row.isSecret ? 'the value' : show(chosen.raw);
  const detail = details.length > 0 && !row.isSecret ? ` (${details.join('; ')})` : '';
  return {
    ...found,
    value: row.fallback,
    problem: `${placed(row.name, chosen)}: ${shown} is not ${row.kind.form}${detail}`,
  };
}

function resolveProviderUrl(provider: string, given: readonly Candidate[]): ResolvedSetting {
  const [chosen, ...weaker] = given;
  const name = `${PROVIDER_URLS.name}.${provider}`;
  const read = typeof chosen!.raw === 'string' ? readBaseUrl(chosen!.raw) : { problem: 'is no text' };
  return {
    name,
    value: 'url' in read ? read.url : null,
    source: chosen!.source,
    where: chosen!.where,
    overridden: weaker.map((candidate) => candidate.where),
    // The value is not repeated: what is wrong with it may be the password in it.
    problem:
      'problem' in read
        ? `${placed(name, chosen!)}: the value ${read.problem}; give ${PROVIDER_URLS.form}`
        : null,
  };
}

function offerFlags(
  input: SettingsInput,
  offer: (name: string, candidate: Candidate) => void,
  problems: string[],
) {
  const rows = new Map(SETTINGS.map((row) => [flagOf(row), row]));
  for (const [flag, values] of input.flags) {
    if (flag === PROVIDER_URLS.flag) {
      for (const value of values) {
        const [, provider, url] = /^([^=]+)=(.*)$/s.exec(value) ?? [];
        if (provider === undefined) {
          problems.push(`${flag}: give it as ${flag} provider=https://…`);
        } else if (!input.providers.includes(provider)) {
          problems.push(`${flag}: unknown provider ${provider}${didYouMean(provider, input.providers)}`);
        } else {
          offer(`${PROVIDER_URLS.name}.${provider}`, {
            source: 'flag',
            where: `${flag} ${provider}`,
            raw: url,
          });
        }
      }
      continue;
    }
    const row = rows.get(flag);
    const last = values.at(-1);
    if (!row) problems.push(`unknown flag ${flag}${didYouMean(flag, [...rows.keys(), PROVIDER_URLS.flag])}`);
    else if (last !== undefined) offer(row.name, { source: 'flag', where: flag, raw: last });
  }
}

function offerFile(
  input: SettingsInput,
  offer: (name: string, candidate: Candidate) => void,
  problems: string[],
) {
  if (!input.file) return;
  const { path, entries } = input.file;
  problems.push(...input.file.problems.map((problem) => `${path} ${problem}`));
  const names = new Set<string>(SETTINGS.filter((row: SettingRow) => !row.notInFile).map((row) => row.name));
  const providerNames = input.providers.map((provider) => `${PROVIDER_URLS.name}.${provider}`);
  for (const entry of entries) {
    const where = `${path} line ${entry.line}`;
    if (!names.has(entry.name) && !providerNames.includes(entry.name)) {
      if (entry.name === PROVIDER_URLS.name && entry.value === null) continue;
      const near = didYouMean(entry.name, [...names, ...providerNames, PROVIDER_URLS.name]);
      const what =
        entry.name === PROVIDER_URLS.name ? 'must be a map from provider to URL' : `unknown setting${near}`;
      problems.push(`${where}: ${entry.name}: ${what}`);
    } else if (entry.value !== null && entry.value !== '') {
      offer(entry.name, { source: 'file', where, raw: entry.value });
    }
  }
}

function offerVariables(
  input: SettingsInput,
  offer: (name: string, candidate: Candidate) => void,
  problems: string[],
) {
  const names = new Map<string, string>(SETTINGS.map((row) => [variableOf(row), row.name]));
  for (const provider of input.providers) {
    names.set(providerVariable(provider), `${PROVIDER_URLS.name}.${provider}`);
  }
  for (const [variable, raw] of Object.entries(input.env)) {
    if (!variable.startsWith('TIDEGATE_') || variable in CLIENT_VARIABLES) continue;
    const name = names.get(variable);
    if (name === undefined)
      problems.push(`unknown variable ${variable}${didYouMean(variable, names.keys())}`);
    else if (raw !== undefined && raw !== '') offer(name, { source: 'variable', where: variable, raw });
  }
}

/** A file's line says too little by itself: the field is named beside it. */
const placed = (name: string, candidate: Candidate): string =>
  candidate.source === 'file' ? `${candidate.where}: ${name}` : candidate.where;

const show = (raw: unknown): string => {
  const text = typeof raw === 'string' ? JSON.stringify(raw) : (JSON.stringify(raw) ?? String(raw));
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
};
