import type { z } from 'zod';
import {
  choice,
  cidrProblem,
  hostNameProblem,
  integer,
  list,
  onOff,
  type SettingForm,
  secret,
  text,
} from './setting-forms.ts';

/**
 * THE table of settings. Everything about a setting follows from its row: the name in the file (`max_body_bytes`), the
 * flag (`--max-body-bytes`), the variable (`TIDEGATE_MAX_BODY_BYTES`), the property of Settings, the help text and the
 * line in docs/settings.md.
 */
export interface SettingRow {
  readonly property: string;
  /** Name in the file; flag and variable are made from it. */
  readonly name: string;
  readonly kind: SettingForm<unknown>;
  /** Value when nothing sets it. */
  readonly fallback: unknown;
  readonly isSecret?: true;
  /** True for the one setting that names the file and so cannot stand in it. */
  readonly notInFile?: true;
  readonly description: string;
}

const MIB = 1_048_576;
const HOUR_MS = 3_600_000;
const LARGEST = 1_099_511_627_776;
const pathText = text('a path', /^[^\0]+$/);

export const SETTINGS = [
  {
    property: 'config',
    name: 'config',
    kind: pathText,
    fallback: null as string | null,
    notInFile: true,
    description: 'Settings file. Without it, `tidegate.yaml` of the working folder is read when it is there.',
  },
  {
    property: 'host',
    name: 'host',
    kind: text('an address or a host name', /^[A-Za-z0-9.:_-]+$/),
    fallback: '127.0.0.1',
    description: 'Address to listen on. `0.0.0.0` or `::` opens the gateway to the network.',
  },
  {
    property: 'port',
    name: 'port',
    kind: integer(0, 65_535),
    fallback: 8787,
    description: 'Port to listen on; 0 takes a free one.',
  },
  {
    property: 'dataFolder',
    name: 'data',
    kind: pathText,
    fallback: './data',
    description: 'Folder that holds everything the gateway remembers.',
  },
  {
    property: 'account',
    name: 'account',
    kind: text('1 to 64 letters, digits, dashes or underscores', /^[A-Za-z0-9_-]{1,64}$/),
    fallback: 'local',
    description: 'Id of the first account, the first part of every base URL.',
  },
  {
    property: 'adminToken',
    name: 'admin_token',
    kind: secret('at least 8 printable characters', 8),
    fallback: null,
    isSecret: true,
    description:
      'Admin token to use instead of the one that is generated at the first start; 32 characters and more are advised.',
  },
  {
    property: 'masterKey',
    name: 'master_key',
    kind: secret('32 bytes in base64 or hex, or a passphrase of at least 8 characters', 8),
    fallback: null,
    isSecret: true,
    description:
      'Key that encrypts stored provider keys: 32 bytes in base64 or hex, or a passphrase of at least 8 characters (16 and more are advised). Without it and without a key file, `master.key` is made in the data folder.',
  },
  {
    property: 'masterKeyFile',
    name: 'master_key_file',
    kind: pathText,
    fallback: null as string | null,
    description: 'File that holds the master key in one of the same forms.',
  },
  {
    property: 'allowPrivate',
    name: 'allow_private',
    kind: list('networks like 10.0.0.0/8, with commas between them', cidrProblem),
    fallback: [],
    description: 'Private, loopback or reserved networks that upstreams may resolve to all the same.',
  },
  {
    property: 'management',
    name: 'management',
    kind: onOff,
    fallback: true,
    description: 'Whether the management API and the dashboard are served on the same port.',
  },
  {
    property: 'allowedHosts',
    name: 'allowed_hosts',
    kind: list('host names, with commas between them', hostNameProblem),
    fallback: [],
    description:
      'Names under which the management API and the dashboard may be asked for (`Host` header) besides loopback names. Guards against DNS rebinding.',
  },
  {
    property: 'trustProxy',
    name: 'trust_proxy',
    kind: onOff,
    fallback: false,
    description:
      'Whether a reverse proxy stands in front and is believed about a client’s address (last entry of `X-Forwarded-For`) and scheme (`X-Forwarded-Proto`). Turn it on only where every request comes through that proxy.',
  },
  {
    property: 'maxBodyBytes',
    name: 'max_body_bytes',
    kind: integer(1, LARGEST, 'bytes'),
    fallback: 100 * MIB,
    description: 'Largest request body; a larger one is answered 413.',
  },
  {
    property: 'maxHeaderBytes',
    name: 'max_header_bytes',
    kind: integer(4096, 16 * MIB, 'bytes'),
    fallback: 65_536,
    description: 'Largest request line and headers together; larger ones are answered 431.',
  },
  {
    property: 'bufferBytes',
    name: 'buffer_bytes',
    kind: integer(0, LARGEST, 'bytes'),
    fallback: 25 * MIB,
    description:
      'Request bodies up to this size are held in memory, so that they can be cached and tried again; larger ones stream through.',
  },
  {
    property: 'inflightBytes',
    name: 'inflight_bytes',
    kind: integer(MIB, LARGEST, 'bytes'),
    fallback: 1024 * MIB,
    description:
      'Request bytes held in memory at once over all requests; beyond it a request is answered 503.',
  },
  {
    property: 'clientTimeoutMs',
    name: 'client_timeout_ms',
    kind: integer(100, 24 * HOUR_MS, 'milliseconds'),
    fallback: 300_000,
    description: 'Time that a client has to send its whole request.',
  },
  {
    property: 'clientStallMs',
    name: 'client_stall_ms',
    kind: integer(100, 24 * HOUR_MS, 'milliseconds'),
    fallback: 120_000,
    description: 'Time after which a client that does not read its answer is cut off.',
  },
  {
    property: 'upstreamIdleMs',
    name: 'upstream_idle_ms',
    kind: integer(100, 24 * HOUR_MS, 'milliseconds'),
    fallback: 600_000,
    description: 'Longest silence of an upstream, before and within its answer.',
  },
  {
    property: 'connectTimeoutMs',
    name: 'connect_timeout_ms',
    kind: integer(100, HOUR_MS, 'milliseconds'),
    fallback: 10_000,
    description: 'Time to open a connection to an upstream, TLS included.',
  },
  {
    property: 'cacheMemoryBytes',
    name: 'cache_memory_bytes',
    kind: integer(0, LARGEST, 'bytes'),
    fallback: 64 * MIB,
    description: 'Memory for cached answers.',
  },
  {
    property: 'cacheDiskBytes',
    name: 'cache_disk_bytes',
    kind: integer(0, LARGEST, 'bytes'),
    fallback: 1024 * MIB,
    description: 'Disk space for cached answers.',
  },
  {
    property: 'semanticMemoryBytes',
    name: 'semantic_memory_bytes',
    kind: integer(MIB, LARGEST, 'bytes'),
    fallback: 256 * MIB,
    description: 'Memory for the vectors of the semantic cache.',
  },
  {
    property: 'semanticDiskBytes',
    name: 'semantic_disk_bytes',
    kind: integer(MIB, LARGEST, 'bytes'),
    fallback: 1024 * MIB,
    description: 'Disk space for the questions, vectors and answers of the semantic cache.',
  },
  {
    property: 'semanticWaitMs',
    name: 'semantic_wait_ms',
    kind: integer(10, 60_000, 'milliseconds'),
    fallback: 250,
    description: 'Longest time that a request waits for a similar answer, before the provider is asked.',
  },
  {
    property: 'modelsFolder',
    name: 'models',
    kind: pathText,
    fallback: null as string | null,
    description:
      'Folder with models of your own for the semantic cache, each in a folder below it: model.onnx and tokenizer.json. A gateway uses one as `local:{folder}`.',
  },
  {
    property: 'logPayloadBytes',
    name: 'log_payload_bytes',
    kind: integer(0, 1024 * MIB, 'bytes'),
    fallback: 10 * MIB,
    description: 'Most bytes of a request body, and of a response body, that are kept with a record.',
  },
  {
    property: 'logRetentionDays',
    name: 'log_retention_days',
    kind: integer(1, 36_500, 'days'),
    fallback: null as number | null,
    description: 'Days that records are kept where the gateway sets nothing itself; not set is for ever.',
  },
  {
    property: 'searchTextBytes',
    name: 'search_text_bytes',
    kind: integer(0, LARGEST, 'bytes'),
    fallback: 2048 * MIB,
    description:
      'Disk space for the texts of prompts and answers, which the search in the logs and the previews use; the oldest go first. 0 keeps none and removes what was kept.',
  },
  {
    property: 'logLevel',
    name: 'log_level',
    kind: choice('debug', 'info', 'warn', 'error', 'silent'),
    fallback: 'info' as const,
    description: 'Least severe lines that the gateway’s own log (standard error) shows.',
  },
  {
    property: 'metrics',
    name: 'metrics',
    kind: choice('off', 'token', 'loopback'),
    fallback: 'token' as const,
    description:
      'Who may read `/metrics`: nobody, whoever shows a token of the account with the right `metadata-read`, or, without a token, also whoever asks from this machine itself.',
  },
] as const satisfies readonly SettingRow[];

type Row = (typeof SETTINGS)[number];
type ValueOf<R extends Row> = z.output<R['kind']['schema']> | (null extends R['fallback'] ? null : never);

/** One property per row, typed by the row's form. */
export type SettingValues = { readonly [R in Row as R['property']]: ValueOf<R> };

export const flagOf = (row: SettingRow): string => `--${row.name.replaceAll('_', '-')}`;
export const variableOf = (row: SettingRow): string => `TIDEGATE_${row.name.toUpperCase()}`;

/** Providers' base URLs are one setting per provider, so they stand beside the table: same rules, same order of strength. */
export const PROVIDER_URLS = {
  name: 'provider_urls',
  flag: '--provider-url',
  variable: 'TIDEGATE_PROVIDER_<ID>_URL',
  form: 'an http(s) URL without credentials, query and fragment',
  description:
    'Base URL to use for a provider instead of its own. In the file a map from provider to URL; as a flag `--provider-url openai=https://…`, as often as needed; in the variable’s name dashes become underscores (`TIDEGATE_PROVIDER_GOOGLE_AI_STUDIO_URL`).',
} as const;

export const providerVariable = (provider: string): string =>
  `TIDEGATE_PROVIDER_${provider.replaceAll('-', '_').toUpperCase()}_URL`;

/** Variables with our prefix that are for clients; the gateway itself does not read them. */
export const CLIENT_VARIABLES: Readonly<Record<string, string>> = {
  TIDEGATE_TOKEN:
    'Gateway token in the examples that `tidegate start` prints. Read by your own programs only.',
};
