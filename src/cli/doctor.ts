import { lookup } from 'node:dns/promises';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { holderOf, inspectDataFolder } from '../config/data-folder.ts';
import { findKeySource, masterKeyProblem } from '../config/master-key.ts';
import { flagOf, SETTINGS, type SettingRow } from '../config/setting-table.ts';
import type { Settings, SettingsReading } from '../config/settings.ts';
import { reasonOf, StartError } from '../config/start-error.ts';
import { Secret } from '../core/secret.ts';
import { type Command, settingArgs } from './command.ts';
import { checkAddress } from './listen-check.ts';
import { readingOf } from './load-settings.ts';
import { printable, table } from './printable.ts';
import { isLoopback } from './start.ts';

/** `wrong` makes the exit code 1; `note` is worth knowing. */
interface Finding {
  readonly level: 'good' | 'note' | 'wrong';
  readonly line: string;
}

const OLDEST_NODE = 24;

export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'Explain every setting, where it came from, and what is wrong. Changes nothing.',
  args: settingArgs(),
  words: [],
  async run(invocation) {
    const { terminal } = invocation;
    const reading = await readingOf(invocation);
    terminal.out(terminal.style('bold', 'Settings'));
    for (const line of settingLines(reading)) terminal.out(`  ${line}`);
    terminal.out('');
    terminal.out(terminal.style('bold', 'Findings'));
    const findings = [
      ...settingFindings(reading),
      nodeFinding(),
      ...dataFindings(reading.settings),
      ...(await addressFindings(reading.settings)),
      ...(await upstreamFindings(reading.settings)),
    ];
    const marks = {
      good: terminal.style('green', 'ok   '),
      note: terminal.style('yellow', 'note '),
      wrong: terminal.style('red', 'WRONG'),
    };
    for (const { level, line } of findings) terminal.out(`  ${marks[level]}  ${line}`);
    const wrong = findings.filter((finding) => finding.level === 'wrong').length;
    terminal.out('');
    terminal.out(
      wrong === 0 ? 'Nothing is wrong.' : `${wrong} ${wrong === 1 ? 'thing is' : 'things are'} wrong.`,
    );
    return wrong === 0 ? 0 : 1;
  },
};

function settingLines(reading: SettingsReading & { file: string | null }): string[] {
  const rows = reading.resolved.map((setting) => [
    setting.name,
    shown(setting.value),
    setting.where +
      (setting.overridden.length > 0 ? ` (stronger than ${setting.overridden.join(', ')})` : ''),
  ]);
  return [
    ...table([['SETTING', 'VALUE', 'FROM'], ...rows]),
    '',
    `settings file: ${reading.file ?? 'none (tidegate.yaml is not in this folder)'}`,
  ];
}

function shown(value: unknown): string {
  if (value === null) return 'not set';
  if (value instanceof Secret) return '(set, hidden)';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : printable(value.join(', '), 60);
  return printable(value, 60);
}

function settingFindings(reading: SettingsReading): Finding[] {
  const findings: Finding[] = reading.problems.map((line) => ({ level: 'wrong', line }));
  for (const name of reading.emptyVariables) {
    findings.push({ level: 'note', line: `${name} is there but empty: it counts as not set` });
  }
  const { settings } = reading;
  for (const setting of reading.resolved) {
    if (setting.source !== 'flag' || !(setting.value instanceof Secret)) continue;
    const row: SettingRow | undefined = SETTINGS.find((candidate) => candidate.name === setting.name);
    findings.push({
      level: 'note',
      line: `${row ? flagOf(row) : setting.where}: other users of this machine can read secrets in flags; use a variable or the file`,
    });
  }
  if (settings.bufferBytes > settings.maxBodyBytes) {
    findings.push({
      level: 'note',
      line: 'buffer_bytes is larger than max_body_bytes: no body ever streams through',
    });
  }
  if (settings.inflightBytes < settings.bufferBytes) {
    findings.push({
      level: 'wrong',
      line: 'inflight_bytes is smaller than buffer_bytes: a body of that size could never be held; raise inflight_bytes',
    });
  }
  if (!isLoopback(settings.host)) {
    const guarded = !settings.management || settings.allowedHosts.length > 0;
    findings.push({
      level: 'note',
      line: `other machines can reach ${settings.host}: put TLS in front${guarded ? '' : ', and list its name in allowed_hosts for the management API'}`,
    });
  }
  return findings;
}

function nodeFinding(): Finding {
  const major = Number(process.versions.node.split('.')[0]);
  return major >= OLDEST_NODE
    ? { level: 'good', line: `Node.js ${process.versions.node}` }
    : {
        level: 'wrong',
        line: `Node.js ${process.versions.node} is too old: use ${OLDEST_NODE} or newer (npm ci brings it)`,
      };
}

function dataFindings(settings: Settings): Finding[] {
  const state = inspectDataFolder(settings.dataFolder);
  if (state.problem) return [{ level: 'wrong', line: state.problem.line }];
  if (state.version === null) {
    const where = state.exists ? 'is empty' : 'is not there yet';
    return [{ level: 'good', line: `the data folder ${state.path} ${where}: the first start makes it` }];
  }
  const findings: Finding[] = [
    {
      level: 'good',
      line: `the data folder ${state.path} has layout ${state.version} and ${megabytes(sizeOf(state.path))}`,
    },
  ];
  if (process.platform !== 'win32' && (statSync(state.path).mode & 0o077) !== 0) {
    findings.push({
      level: 'note',
      line: `other users of this machine may look into ${state.path}: chmod 700 shuts them out`,
    });
  }
  const holder = holderOf(settings.dataFolder);
  if (holder) {
    findings.push({
      level: 'good',
      line: `it is in use by process ${holder.pid ?? 'unknown'}: a gateway runs`,
    });
  }
  findings.push(keyFinding(state.path, settings));
  return findings;
}

function keyFinding(folder: string, settings: Settings): Finding {
  try {
    const source = findKeySource(settings);
    const problem = masterKeyProblem(folder, source);
    return problem === null
      ? { level: 'good', line: `the master key fits (${source.origin})` }
      : { level: 'wrong', line: problem };
  } catch (error) {
    return { level: 'wrong', line: error instanceof StartError ? error.message : reasonOf(error) };
  }
}

/** The port of a running gateway is taken by right. */
async function addressFindings(settings: Settings): Promise<Finding[]> {
  if (holderOf(settings.dataFolder)) return [];
  try {
    await checkAddress(settings.host, settings.port);
    return [{ level: 'good', line: `${settings.host} port ${settings.port} is free` }];
  } catch (error) {
    return [{ level: 'wrong', line: reasonOf(error) }];
  }
}

async function upstreamFindings(settings: Settings): Promise<Finding[]> {
  const urls = Object.entries(settings.providerUrls);
  if (urls.length === 0) return [];
  const { EgressGuard } = await import('../upstream/egress.ts');
  const guard = new EgressGuard(settings.allowPrivate);
  return Promise.all(
    urls.map(async ([provider, url]): Promise<Finding> => {
      const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
      try {
        const addresses = await lookup(host, { all: true });
        const refused = addresses.find(({ address }) => !guard.permits(address));
        return refused === undefined
          ? { level: 'good', line: `${provider} goes to ${url}` }
          : {
              level: 'wrong',
              line: `${provider} goes to ${url}, which is the private address ${refused.address}: list it in allow_private (TIDEGATE_ALLOW_PRIVATE=${refused.address})`,
            };
      } catch (error) {
        return {
          level: 'wrong',
          line: `${provider} goes to ${url}, which cannot be found (${reasonOf(error)})`,
        };
      }
    }),
  );
}

function sizeOf(folder: string): number {
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    // A running gateway removes files while we look.
    bytes += statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0;
  }
  return bytes;
}

const megabytes = (bytes: number): string => `${(bytes / 1_048_576).toFixed(1)} MiB`;
