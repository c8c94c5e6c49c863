import type { Secret } from '../core/secret.ts';
import type { Terminal } from '../terminal.ts';

export interface BannerFacts {
  readonly version: string;
  readonly baseUrl: string;
  readonly account: string;
  readonly dataFolder: string;
  /** Served on the same port. */
  readonly hasManagement: boolean;
  /** Only at the first start: shown here and nowhere else. */
  readonly adminToken: Secret | null;
  readonly gatewayToken: Secret | null;
  readonly startedInMs: number;
  /** Things that the operator should know, one line each. */
  readonly notes: readonly string[];
}

/** What `tidegate start` prints: where it is, the tokens of the first start, and settings ready to be pasted. */
export function bannerLines(facts: BannerFacts, style: Terminal['style']): string[] {
  const gateway = `${facts.baseUrl}/v1/${facts.account}/default`;
  const heading = (text: string): string => style('bold', text);
  const fact = (name: string, value: string): string => `  ${name.padEnd(14)}${value}`;
  const lines = [
    `${style(['bold', 'cyan'], `Tidegate ${facts.version}`)} is ready after ${Math.round(facts.startedInMs)} ms`,
    '',
    fact('Base URL', heading(`${gateway}/{provider}`)),
    ...(facts.hasManagement
      ? [
          fact('Dashboard', `${heading(`${facts.baseUrl}/`)}  sign in with the admin token`),
          fact('API docs', `${facts.baseUrl}/client/v4/docs`),
        ]
      : []),
    fact('Health', `${facts.baseUrl}/healthz`),
    fact('Data', facts.dataFolder),
    ...facts.notes.map((note) => fact(style('yellow', 'Note'.padEnd(14)), note)),
    '',
  ];
  if (facts.adminToken || facts.gatewayToken) {
    lines.push(heading('Shown this once: keep what you need'));
    if (facts.adminToken) lines.push(fact('Admin token', style('green', facts.adminToken.reveal())));
    if (facts.gatewayToken) lines.push(fact('Gateway token', style('green', facts.gatewayToken.reveal())));
    lines.push('');
  }
  return [...lines, ...pasteLines(gateway, facts, style)];
}

/** Each block can be pasted into a shell as it stands; the header is what makes the gateway accept the call. */
function pasteLines(gateway: string, facts: BannerFacts, style: Terminal['style']): string[] {
  const token = facts.gatewayToken?.reveal() ?? null;
  const block = (title: string, comment: string, lines: readonly string[]): string[] => [
    `${style('bold', title)}${comment ? style('dim', `  ${comment}`) : ''}`,
    ...lines.map((line) => `  ${line}`),
    '',
  ];
  const header = 'cf-aig-authorization: Bearer $TIDEGATE_TOKEN';
  const openClaw = {
    baseUrl: `${gateway}/anthropic`,
    headers: { 'cf-aig-authorization': `Bearer ${token ?? '<token>'}` },
  };
  return [
    ...block('First, in your shell', token ? '' : 'a new token: bin/tidegate token create', [
      `export TIDEGATE_TOKEN=${token ?? '<token>'}`,
    ]),
    ...block('curl', '', [
      `curl ${gateway}/openai/chat/completions \\`,
      `  -H "${header}" -H "Authorization: Bearer $OPENAI_API_KEY" \\`,
      `  -H 'Content-Type: application/json' \\`,
      `  -d '{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hello"}]}'`,
    ]),
    ...block('OpenAI SDK', 'in Python: OpenAI(default_headers={"cf-aig-authorization": "Bearer …"})', [
      `export OPENAI_BASE_URL=${gateway}/openai`,
      `export OPENAI_CUSTOM_HEADERS="${header}"`,
    ]),
    ...block('Anthropic SDK, Claude Code', '', [
      `export ANTHROPIC_BASE_URL=${gateway}/anthropic`,
      `export ANTHROPIC_CUSTOM_HEADERS="${header}"`,
    ]),
    ...block('OpenClaw', 'then put the JSON into ~/.openclaw/openclaw.json', [
      `openclaw onboard --auth-choice cloudflare-ai-gateway-api-key \\`,
      `  --cloudflare-ai-gateway-account-id ${facts.account} --cloudflare-ai-gateway-gateway-id default \\`,
      `  --cloudflare-ai-gateway-api-key "$ANTHROPIC_API_KEY"`,
      `models.providers["cloudflare-ai-gateway"]: ${JSON.stringify(openClaw)}`,
    ]),
    style(
      'dim',
      'Ctrl-C stops the gateway. bin/tidegate doctor explains its settings, bin/tidegate logs tail shows its traffic.',
    ),
  ];
}
