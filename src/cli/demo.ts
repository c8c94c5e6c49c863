import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Settings } from '../config/settings.ts';
import type { Terminal } from '../terminal.ts';
import { VERSION } from '../version.ts';
import { type Command, settingArgs } from './command.ts';
import { DemoSummary } from './demo-summary.ts';
import { settingsOf } from './load-settings.ts';
import { type ManagementClient, managementClient } from './management-client.ts';
import { RecordTail } from './record-tail.ts';
import { baseUrlOf } from './running-gateway.ts';
import { CLOSE_BOUND_MS, startGatewayWith } from './start.ts';
import { untilStopped } from './until-stopped.ts';

const LOOK_EVERY_MS = 1_000;
/** One gateway that caches, also for similar questions, and one that lets few requests through. */
const GATEWAYS = {
  demo: {
    cache_ttl: 300,
    rate_limiting_limit: 0,
    rate_limiting_interval: 0,
    // Budgets for a demo of minutes: a few hundred questions show whether it keeps to them.
    semantic_cache: { mode: 'verify', embedder: 'local', error_budget: 0.05, sample_rate: 0.5 },
  },
  'demo-limited': { cache_ttl: 0, rate_limiting_limit: 20, rate_limiting_interval: 60 },
} as const;

export const demoCommand: Command = {
  name: 'demo',
  summary:
    'Start the gateway with a scripted provider and traffic: no API key needed. Data goes to a temporary folder unless --data names one.',
  args: settingArgs(),
  words: [],
  async run(invocation) {
    const { terminal } = invocation;
    const [given, { mintToken }, { startScriptedProvider }, { startDemoTraffic }, demoProviders] =
      await Promise.all([
        settingsOf(invocation),
        import('../config/tokens.ts'),
        import('../demo/provider/server.ts'),
        import('../demo/traffic.ts'),
        import('../demo/demo-providers.ts'),
      ]);
    const { DEMO_PROVIDERS, demoProviderUrls } = demoProviders;
    const provider = await startScriptedProvider({ timing: { firstTokenMs: 250, tokenMs: 15 } });
    const adminToken = given.adminToken ?? mintToken().value;
    const settings: Settings = {
      ...given,
      // A variable or a file may name the folder of a real gateway: only the flag is meant for the demo.
      dataFolder: invocation.flags.has('--data') ? given.dataFolder : temporaryFolder(),
      adminToken,
      management: true,
      allowPrivate: [...given.allowPrivate, '127.0.0.0/8'],
      providerUrls: { ...given.providerUrls, ...demoProviderUrls(provider.url) },
      // Failures belong to the show; the summary counts them.
      logLevel: invocation.flags.has('--log-level') ? given.logLevel : 'error',
    };
    const gateway = await startGatewayWith(settings).catch(async (error: unknown) => {
      await provider.close();
      throw error;
    });
    const baseUrl = baseUrlOf({ ...settings, port: gateway.port });
    const client = managementClient(baseUrl, settings.account, adminToken);
    const runToken = await prepare(client, DEMO_PROVIDERS);
    for (const line of opening(baseUrl, settings, adminToken.reveal(), runToken, terminal))
      terminal.out(line);

    const stop = new AbortController();
    const summary = new DemoSummary(terminal);
    const addressOf = (id: keyof typeof GATEWAYS): string => `${baseUrl}/v1/${settings.account}/${id}`;
    const traffic = startDemoTraffic({
      baseUrl: addressOf('demo'),
      limitedBaseUrl: addressOf('demo-limited'),
      token: runToken,
      signal: stop.signal,
      log: (line) => summary.event(line),
    });
    const watching = watch(client, summary, stop.signal, (line) => terminal.problem(line));
    const close = async (): Promise<void> => {
      stop.abort();
      await Promise.all([traffic.done, watching]);
      await gateway.close();
      await provider.close();
    };
    return untilStopped(close, CLOSE_BOUND_MS, (line) => terminal.problem(line));
  },
};

/** Removed when the process ends, in whatever way it can still run code. */
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-demo-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'data');
}

/**
 * Makes the demo's gateways, unless an earlier demo did in the same folder, and a token to use them with. They have keys
 * stored, as a playground, replays and judges need; the scripted provider takes any.
 */
async function prepare(client: ManagementClient, providers: readonly string[]): Promise<string> {
  const known = (await client.ask('GET', 'gateways?per_page=50')) as { id: string }[];
  for (const [id, limits] of Object.entries(GATEWAYS)) {
    if (known.some((gateway) => gateway.id === id)) continue;
    await client.ask('POST', 'gateways', {
      id,
      cache_invalidate_on_update: true,
      collect_logs: true,
      rate_limiting_technique: 'sliding',
      ...limits,
    });
    for (const provider_slug of providers)
      await client.ask('POST', `gateways/${id}/provider_configs`, {
        provider_slug,
        alias: 'default',
        default_config: true,
        secret: 'stored-demo-key',
      });
  }
  const made = (await client.ask('POST', 'tokens', { name: 'demo', permissions: ['run'] })) as {
    value: string;
  };
  return made.value;
}

async function watch(
  client: ManagementClient,
  summary: DemoSummary,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<void> {
  const tails = Object.keys(GATEWAYS).map((id) => ({
    tail: new RecordTail(client, id),
    areLimited: id === 'demo-limited',
  }));
  let isTold = false;
  while (!signal.aborted) {
    try {
      for (const { tail, areLimited } of tails) summary.count(await tail.read(), { areLimited });
      summary.show();
      isTold = false;
    } catch (error) {
      if (!isTold && !signal.aborted) say(error instanceof Error ? error.message : String(error));
      isTold = true;
    }
    await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}

function opening(
  baseUrl: string,
  settings: Settings,
  adminToken: string,
  runToken: string,
  terminal: Terminal,
): string[] {
  const account = settings.account;
  return [
    `${terminal.style(['bold', 'cyan'], `Tidegate ${VERSION} demo`)} on ${baseUrl}, with a scripted provider in place of OpenAI, Anthropic and others`,
    '',
    `Dashboard: ${terminal.style('bold', `${baseUrl}/g/demo/overview`)}   sign in with ${adminToken}`,
    '',
    'In another terminal:',
    `  export TIDEGATE_ADMIN_TOKEN=${adminToken} TIDEGATE_TOKEN=${runToken}`,
    `  bin/tidegate logs tail --gateway demo --follow --url ${baseUrl}`,
    `  curl ${baseUrl}/v1/${account}/demo/openai/chat/completions -H "cf-aig-authorization: Bearer $TIDEGATE_TOKEN" \\`,
    `    -H 'Authorization: Bearer any' -d '{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hello"}]}'`,
    `  curl -H "Authorization: Bearer $TIDEGATE_ADMIN_TOKEN" ${baseUrl}/client/v4/accounts/${account}/ai-gateway/gateways/demo/logs`,
    '',
    `API docs: ${baseUrl}/client/v4/docs   Data: ${resolve(settings.dataFolder)}   Ctrl-C stops.`,
    '',
  ];
}
