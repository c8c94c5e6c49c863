import { type Endpoint, file, jsonFile, type Snippet, shell, TOKEN_HEADER } from './endpoint.ts';

type Writer = (base: string, endpoint: Endpoint) => Snippet[];

/** Files of agents that read no variables: the token itself is written there. */
const WRITTEN_TOKEN = 'Bearer <gateway token>';

export const AGENT_WRITERS = {
  'claude-code': (base, { needsToken }) => [
    shell(
      `ANTHROPIC_BASE_URL=${base}/anthropic`,
      needsToken && `ANTHROPIC_CUSTOM_HEADERS="${TOKEN_HEADER}: Bearer $TIDEGATE_TOKEN"`,
      'claude',
    ),
  ],

  openclaw: (base, { account, gateway, needsToken }) => [
    shell(
      'openclaw onboard --auth-choice cloudflare-ai-gateway-api-key',
      `--cloudflare-ai-gateway-account-id ${account}`,
      `--cloudflare-ai-gateway-gateway-id ${gateway}`,
      '--cloudflare-ai-gateway-api-key "$ANTHROPIC_API_KEY"',
    ),
    jsonFile('~/.openclaw/openclaw.json', {
      models: {
        providers: {
          'cloudflare-ai-gateway': {
            baseUrl: `${base}/anthropic`,
            ...(needsToken && { headers: { [TOKEN_HEADER]: WRITTEN_TOKEN } }),
          },
        },
      },
    }),
  ],

  codex: (base, { needsToken }) => [
    file(
      '~/.codex/config.toml',
      'model_provider = "tidegate"',
      '',
      '[model_providers.tidegate]',
      'name = "Tidegate"',
      `base_url = "${base}/openai"`,
      'env_key = "OPENAI_API_KEY"',
      'wire_api = "responses"',
      needsToken && `http_headers = { "${TOKEN_HEADER}" = "${WRITTEN_TOKEN}" }`,
    ),
  ],

  opencode: (base, { needsToken }) => {
    const headers = needsToken && { headers: { [TOKEN_HEADER]: 'Bearer {env:TIDEGATE_TOKEN}' } };
    return [
      jsonFile('opencode.json', {
        $schema: 'https://opencode.ai/config.json',
        provider: {
          anthropic: { options: { baseURL: `${base}/anthropic/v1`, ...headers } },
          openai: { options: { baseURL: `${base}/openai`, ...headers } },
        },
      }),
    ];
  },

  'gemini-cli': (base, { needsToken }) => [
    shell(
      `GOOGLE_GEMINI_BASE_URL=${base}/google-ai-studio`,
      needsToken && `GEMINI_CLI_CUSTOM_HEADERS="${TOKEN_HEADER}: Bearer $TIDEGATE_TOKEN"`,
      'gemini -m gemini-2.5-flash',
    ),
  ],

  pi: (base, { account, gateway }) => [
    jsonFile('~/.pi/agent/models.json', {
      providers: { 'cloudflare-ai-gateway': { baseUrl: `${base}/anthropic` } },
    }),
    shell(
      `CLOUDFLARE_ACCOUNT_ID=${account}`,
      `CLOUDFLARE_GATEWAY_ID=${gateway}`,
      'CLOUDFLARE_API_KEY="$TIDEGATE_TOKEN"',
      'pi --provider cloudflare-ai-gateway --model claude-sonnet-4-5',
    ),
  ],
} satisfies Readonly<Record<string, Writer>>;
