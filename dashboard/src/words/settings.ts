/** Words of a gateway's settings. */
export const settingsWords = {
  title: 'Settings',
  text: (gateway: string) =>
    `How ${gateway} treats the requests that pass through it. Changes hold from the next request on.`,
  sections: {
    access: 'Who may use it',
    cache: 'Cache',
    limit: 'Rate limit',
    retry: 'Retries and time-outs',
    logs: 'Logs',
    streams: 'Streams',
    addresses: 'Provider addresses',
  },
  units: {
    seconds: 'seconds',
    milliseconds: 'ms',
    requests: 'requests',
    attempts: 'attempts',
    records: 'records',
    days: 'days',
  },
  choices: {
    rate_limiting_technique: { fixed: 'Fixed window', sliding: 'Sliding window' },
    retry_backoff: { constant: 'Constant', linear: 'Linear', exponential: 'Exponential' },
    log_management_strategy: {
      DELETE_OLDEST: 'Delete the oldest records',
      STOP_INSERTING: 'Keep no new records',
    },
  },
  fields: {
    authentication: {
      label: 'Require a token',
      text: 'Only callers with a gateway token get through. Off, anyone who reaches this port can use the gateway.',
    },
    byok_only: {
      label: 'Require a provider key',
      text: 'A request without a provider key of its own or a stored one is refused here instead of by the provider.',
    },
    cache_ttl: {
      label: 'Keep answers for',
      text: 'Identical requests within this time get the same answer without asking the provider. Empty is off.',
    },
    cache_invalidate_on_update: {
      label: 'Empty the cache on changes',
      text: 'Every change of these settings starts the cache anew.',
    },
    rate_limiting_limit: {
      label: 'Requests',
      text: 'So many requests pass in each interval; the next ones get 429. Empty is no limit.',
    },
    rate_limiting_interval: { label: 'Interval', text: 'The time that the requests are counted over.' },
    rate_limiting_technique: {
      label: 'Window',
      text: 'Fixed windows start at the same instant for all; a sliding one looks back from each request.',
    },
    retry_max_attempts: {
      label: 'Attempts',
      text: 'How often a failed request is tried in all, from the first time on.',
    },
    retry_delay: { label: 'Delay', text: 'The wait before the second attempt.' },
    retry_backoff: { label: 'Growth of the delay', text: 'How the wait grows from attempt to attempt.' },
    request_timeout: {
      label: 'Time to first byte',
      text: 'A provider that has not begun to answer by then counts as failed.',
    },
    collect_logs: {
      label: 'Keep records',
      text: 'Each request leaves a record with its figures. Off, nothing is kept and nothing is charted.',
    },
    collect_payloads: {
      label: 'Keep prompts and answers',
      text: 'Off, records hold figures only.',
    },
    log_management: {
      label: 'Most records',
      text: 'When there are more, the rule below decides. Empty is no limit.',
    },
    log_management_strategy: {
      label: 'When it is full',
      text: 'What gives way when the most records are reached.',
    },
    log_retention_days: {
      label: 'Keep records for',
      text: 'Older ones are deleted. Empty is the limit of the process.',
    },
    heartbeat_interval: {
      label: 'Heartbeat',
      text: 'A comment line is sent into a stream that was silent for so long, for proxies that cut silent connections. Empty is never.',
    },
    provider_urls: {
      label: 'Own addresses',
      text: 'Sends the requests of a provider to another base URL: a private endpoint, a proxy. Private hosts must be allowed by the operator.',
    },
  },
  header: 'Header of a request',
  fallback: (value: string) => `Default: ${value}`,
  isOwn: 'Set here',
  isFallback: 'Default',
  on: 'on',
  off: 'off',
  none: 'none',
  notSet: 'Not set',
  asDuration: (text: string) => `= ${text}`,
  problems: {
    number: 'Write a whole number.',
    range: (least: string, most: string) => `From ${least} to ${most}.`,
    address: 'Write a URL such as https://host/path.',
    slug: 'Write a provider’s slug, such as openai.',
    twice: 'This provider is there twice.',
  },
  review: (count: number) => (count === 1 ? 'Review 1 change' : `Review ${count} changes`),
  pending: (count: number) => (count === 1 ? '1 change is not saved' : `${count} changes are not saved`),
  discard: 'Discard',
  reviewTitle: 'Review changes',
  reviewText: 'They hold from the next request on, and can be undone from the audit log.',
  save: 'Save changes',
  before: 'Before',
  after: 'After',
  setting: 'Setting',
  saved: 'Settings saved',
  typeName: (name: string) => `This opens the gateway to others. Type ${name} to confirm`,
  addAddress: 'Add address',
  removeAddress: (slug: string) => `Remove the address of ${slug}`,
  slug: 'Provider',
  address: 'Base URL',
  readOnly: 'Your token may read settings but not change them.',
  danger: 'Delete this gateway',
  dangerText:
    'Its address stops working, and its stored keys, records, figures and cached answers are deleted.',
  remove: 'Delete gateway',
  removed: (name: string) => `${name} was deleted`,
  removeFailed: 'The gateway was not deleted',
} as const;
