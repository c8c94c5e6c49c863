import { parseArgs, stripVTControlCharacters } from 'node:util';
import { renderUsage } from 'citty';
import { didYouMean } from '../config/nearest.ts';
import { StartError } from '../config/start-error.ts';
import type { Terminal } from '../terminal.ts';
import { VERSION } from '../version.ts';
import { type Command, type Environment, helpOf } from './command.ts';

/** The commands, loaded when they are asked for, so that `--help` and a start do not pay for the others. */
const COMMANDS: Readonly<Record<string, { summary: string; load: () => Promise<Command> }>> = {
  start: {
    summary: 'Start the gateway.',
    load: async () => (await import('./start.ts')).startCommand,
  },
  demo: {
    summary: 'Start the gateway with a scripted provider and traffic: no API key needed.',
    load: async () => (await import('./demo.ts')).demoCommand,
  },
  doctor: {
    summary: 'Explain every setting, where it came from, and what is wrong.',
    load: async () => (await import('./doctor.ts')).doctorCommand,
  },
  'token create': {
    summary: 'Make a token; it is shown once.',
    load: async () => (await import('./token.ts')).tokenCreateCommand,
  },
  'token list': {
    summary: 'List the tokens.',
    load: async () => (await import('./token.ts')).tokenListCommand,
  },
  'token revoke': {
    summary: 'Revoke a token by its id.',
    load: async () => (await import('./token.ts')).tokenRevokeCommand,
  },
  'logs tail': {
    summary: 'Print the latest records of a gateway, and follow them.',
    load: async () => (await import('./logs.ts')).logsTailCommand,
  },
  'audit list': {
    summary: 'List who changed what.',
    load: async () => (await import('./audit.ts')).auditListCommand,
  },
  'audit verify': {
    summary: 'Check that the audit log is as it was written.',
    load: async () => (await import('./audit.ts')).auditVerifyCommand,
  },
  'keys rotate': {
    summary: 'Change the master key that stored provider keys are encrypted with.',
    load: async () => (await import('./keys.ts')).keysRotateCommand,
  },
};

interface Surroundings {
  readonly environment: Environment;
  readonly terminal: Terminal;
}

/** Runs what the arguments ask for; resolves to the exit code. Throws StartError for anything the user can mend. */
export async function runCommandLine({ environment, terminal }: Surroundings): Promise<number> {
  const given = environment.arguments;
  const [first = '', second = ''] = given;
  if (given.length === 0 || first === 'help' || first === '--help' || first === '-h') {
    for (const line of overview(terminal)) terminal.out(line);
    return given.length === 0 ? 2 : 0;
  }
  if (first === '--version' || first === '-v') {
    terminal.out(VERSION);
    return 0;
  }
  const group = Object.keys(COMMANDS).filter((name) => name.startsWith(`${first} `));
  if (group.length > 0 && (second === '' || second === '--help' || second === '-h')) {
    for (const line of overview(terminal, group)) terminal.out(line);
    return second === '' ? 2 : 0;
  }
  const name = group.length > 0 ? `${first} ${second}` : first;
  const entry = COMMANDS[name];
  if (!entry) {
    const known = Object.keys(COMMANDS);
    const hint = didYouMean(name, [...known, 'help']) || ': see `tidegate --help`';
    throw new StartError('usage', `unknown command ${name}${hint}`);
  }
  const command = await entry.load();
  const rest = given.slice(name.split(' ').length);
  if (rest.includes('--help') || rest.includes('-h')) {
    terminal.out(stripVTControlCharacters(await renderUsage(helpOf(command, VERSION))));
    return 0;
  }
  return command.run({ environment, terminal, ...readArguments(command, rest) });
}

/** Takes the arguments apart; unknown flags, missing values and surplus words are refused by name. */
export function readArguments(
  command: Command,
  given: readonly string[],
): { flags: Map<string, string[]>; words: string[] } {
  const options = Object.fromEntries(
    Object.entries(command.args).map(([name, definition]) => [
      name,
      { type: definition.type === 'boolean' ? ('boolean' as const) : ('string' as const) },
    ]),
  );
  const { tokens } = parseArgs({
    args: [...given],
    options,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const flags = new Map<string, string[]>();
  const words: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value);
    if (token.kind !== 'option') continue;
    const option = options[token.name];
    if (!option) {
      const known = Object.keys(options).map((name) => `--${name}`);
      const hint = didYouMean(`--${token.name}`, known) || `: see \`tidegate ${command.name} --help\``;
      throw new StartError('usage', `unknown flag ${token.rawName}${hint}`);
    }
    const takesValue = option.type === 'string';
    if (takesValue && (token.value === undefined || token.value === '')) {
      throw new StartError('usage', `${token.rawName} needs a value: ${token.rawName}=…`);
    }
    if (!takesValue && token.value !== undefined) {
      throw new StartError('usage', `${token.rawName} takes no value`);
    }
    flags.set(`--${token.name}`, [...(flags.get(`--${token.name}`) ?? []), token.value ?? '']);
  }
  const surplus = words[command.words.length];
  if (surplus !== undefined) throw new StartError('usage', `${command.name} takes no ${surplus}`);
  const missing = command.words[words.length];
  if (missing) throw new StartError('usage', `${command.name} needs ${missing.name.toUpperCase()}`);
  return { flags, words };
}

/** One line per problem, and never a stack unless the user asked for details. */
export async function reportFailure(
  error: unknown,
  terminal: Terminal,
  environment: Environment,
): Promise<number> {
  if (error instanceof StartError) {
    for (const problem of error.problems) terminal.problem(`tidegate: ${problem}`);
    return error.exitCode;
  }
  const { redactText } = await import('../telemetry/redact.ts');
  const message = error instanceof Error ? error.message : String(error);
  terminal.problem(`tidegate: ${redactText(message.split('\n')[0] ?? '')}`);
  if (environment.variables.TIDEGATE_LOG_LEVEL === 'debug') {
    terminal.problem(redactText(error instanceof Error ? (error.stack ?? '') : String(error)));
  } else {
    terminal.problem('tidegate: set TIDEGATE_LOG_LEVEL=debug for details');
  }
  return 1;
}

function overview(terminal: Terminal, names: readonly string[] = Object.keys(COMMANDS)): string[] {
  const width = Math.max(...names.map((name) => name.length));
  return [
    `Tidegate ${VERSION}, a self-hosted AI gateway`,
    '',
    `Usage: tidegate ${terminal.style('bold', '<command>')} [flags]`,
    '',
    ...names.map((name) => `  ${terminal.style('bold', name.padEnd(width))}  ${COMMANDS[name]!.summary}`),
    '',
    'Every command takes --help. `tidegate --version` prints the version.',
  ];
}
