/** Words of a gateway's settings. */
export const settingsWords = {
  title: 'Settings',
  text: (gateway: string) =>
    `How ${gateway} treats the requests that pass through it. Changes hold from the next request on.`,
  sections: {
    access: 'Who may use it',
    cache: 'Cache',
    similar: 'Similar answers',
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
    percent: '%',
    dollars: 'USD',
    dimensions: 'numbers',
  },
  choices: {
    'semantic_cache.mode': {
      off: { label: 'Off', text: 'Nothing is looked up, and nothing is kept for it.' },
      shadow: {
        label: 'Shadow',
        text: 'Looks up and judges, and gives no answer: shows what it would save, and how often it would be wrong.',
      },
      verify: {
        label: 'Verify',
        text: 'Gives answers, and has many of them checked against a fresh one. Pauses when too many are wrong.',
      },
      on: {
        label: 'On',
        text: 'Gives answers, and has the share below checked. Pauses when too many are wrong.',
      },
    },
    'semantic_cache.scope': {
      token: {
        label: 'One token',
        text: 'Answers are shared among requests with the same gateway token and the same provider key.',
      },
      user: {
        label: 'One user',
        text: 'Only among requests of the same user, as the metadata of the request names them.',
      },
      gateway: {
        label: 'The whole gateway',
        text: 'Everyone who uses this gateway can get what was answered to anyone. For questions that hold nothing private.',
      },
    },
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
    share_in_flight: {
      label: 'Share calls under way',
      text: 'Identical requests that come while the first is still being answered wait for that answer, streams too, instead of paying for one each. Only where answers are kept.',
    },
    'semantic_cache.mode': {
      label: 'Mode',
      text: 'How far it goes for questions that mean the same as one that was answered before. A request can only ask for less.',
    },
    'semantic_cache.embedder': {
      label: 'Embedder',
      text: 'What turns questions into numbers that can be compared. ‘local’ works offline, in this process; else a provider and a model, such as openai/text-embedding-3-small, asked with the stored key.',
    },
    'semantic_cache.error_budget': {
      label: 'Error budget',
      text: 'The largest share of wrong answers among those given. The smaller it is, the fewer are given.',
    },
    'semantic_cache.scope': {
      label: 'Shared within',
      text: 'Who can get an answer that was made for somebody else. An answer never leaves this gateway.',
    },
    'semantic_cache.ttl': {
      label: 'Keep similar answers for',
      text: 'How long an answer can be given to similar questions.',
    },
    'semantic_cache.max_temperature': {
      label: 'Highest temperature',
      text: 'Requests above it want another answer each time, and are left alone.',
    },
    'semantic_cache.sample_rate': {
      label: 'Checked share',
      text: 'Of the answers that are given, so many are compared with a fresh one in the background. New set-ups check more at first.',
    },
    'semantic_cache.daily_check_budget': {
      label: 'Daily check budget',
      text: 'The most that checking may cost in a day (UTC). When it is spent, checking rests until the next day.',
    },
    'semantic_cache.judge': {
      label: 'Judge',
      text: 'A chat model that compares two answers when words and embedder do not settle it. Empty: no model is asked.',
    },
    'semantic_cache.embedder_dimensions': {
      label: 'Vector length',
      text: 'For models of a provider that can be asked for shorter vectors. Empty is the model’s own length.',
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
    decimal: 'Write a number.',
    missing: 'A number is needed here.',
    embedder: 'Write local, local:folder, or a provider and a model such as openai/text-embedding-3-small.',
    model: 'Write a provider and a model, such as openai/gpt-4o-mini.',
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
