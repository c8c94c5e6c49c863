import { resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Settings } from '../config/settings.ts';
import { StartError } from '../config/start-error.ts';
import type { RunningGateway } from '../main.ts';
import { VERSION } from '../version.ts';
import { type BannerFacts, bannerLines } from './banner.ts';
import { type Command, settingArgs } from './command.ts';
import { addressError, checkAddress, isListenError } from './listen-check.ts';
import { settingsOf } from './load-settings.ts';
import { baseUrlOf } from './running-gateway.ts';
import { untilStopped } from './until-stopped.ts';

/** Longest that a stop waits for requests under way. Below the 30 s after which process managers kill. */
export const CLOSE_BOUND_MS = 25_000;

export const startCommand: Command = {
  name: 'start',
  summary: 'Start the gateway.',
  args: settingArgs(),
  words: [],
  async run(invocation) {
    const settings = await settingsOf(invocation);
    const gateway = await startGatewayWith(settings);
    const facts: BannerFacts = {
      version: VERSION,
      baseUrl: baseUrlOf({ ...settings, port: gateway.port }),
      account: settings.account,
      dataFolder: resolve(settings.dataFolder),
      hasManagement: settings.management,
      adminToken: gateway.adminToken,
      gatewayToken: gateway.gatewayToken,
      startedInMs: performance.now(),
      notes: notesOn(settings),
    };
    for (const line of bannerLines(facts, invocation.terminal.style)) invocation.terminal.out(line);
    return untilStopped(gateway.close, CLOSE_BOUND_MS, (line) => invocation.terminal.problem(line));
  },
};

/** startGateway() with every reason not to start told as a StartError, before anything on disk is changed. */
export async function startGatewayWith(settings: Settings): Promise<RunningGateway> {
  try {
    await checkAddress(settings.host, settings.port);
  } catch (error) {
    // The commonest way to a taken port is to start the same gateway twice: say that instead.
    const { holderOf } = await import('../config/data-folder.ts');
    const holder = holderOf(settings.dataFolder);
    if (!holder) throw error;
    throw new StartError(
      'data-in-use',
      `Tidegate runs already on this data folder (process ${holder.pid ?? 'unknown'}): use it, or stop it first`,
    );
  }
  const { startGateway } = await import('../main.ts');
  try {
    return await startGateway(settings);
  } catch (error) {
    if (isListenError(error)) throw addressError(settings.host, settings.port, error);
    if (error instanceof Error && error.name === 'WrongMasterKeyError') {
      throw new StartError('master-key', error.message, { cause: error });
    }
    const { isDamage, NewerDatabaseError } = await import('../stores/sqlite/database.ts');
    if (error instanceof NewerDatabaseError)
      throw new StartError('data-newer', error.message, { cause: error });
    // Every other file can be done without; this one says who may do what.
    if (isDamage(error)) {
      throw new StartError(
        'data-folder',
        `the configuration database ${resolve(settings.dataFolder, 'config.db')} is damaged: put a copy in its place, or move it away to begin with an empty configuration`,
        { cause: error },
      );
    }
    if (error instanceof Error && error.name === 'NewerDatabaseError') {
      throw new StartError('data-newer', error.message, { cause: error });
    }
    throw error;
  }
}

function notesOn(settings: Settings): string[] {
  const notes: string[] = [];
  if (!isLoopback(settings.host)) {
    notes.push(`listens on ${settings.host}: other machines can reach it; put TLS in front of it`);
  }
  if (settings.adminToken && settings.adminToken.reveal().length < ADVISED_TOKEN_LENGTH) {
    notes.push('the admin token is short: it can be guessed; 32 characters and more are advised');
  }
  return notes;
}

const ADVISED_TOKEN_LENGTH = 16;

export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127\./.test(host);
