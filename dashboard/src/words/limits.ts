/** Words of the limits page. */
export const limitsWords = {
  title: 'Limits',
  off: 'No rate limit is set: every request passes.',
  on: (limit: string, interval: string, technique: 'fixed' | 'sliding') =>
    `${limit} requests pass in ${interval}, counted in a ${technique} window; the next ones get 429.`,
  settings: 'Change in settings',
  chart: 'Limited requests',
  limited: 'Limited',
  noLimited: 'No request was limited in this range.',
  share: (share: string) => `${share} of all requests`,
  who: 'Who was limited',
  by: 'By',
  dimensions: { token_id: 'Token', user_id: 'User', user_agent: 'User agent', model: 'Model' },
  columns: { who: 'Who', limited: 'Limited requests' },
  unknown: 'Unknown',
  others: 'All others',
  seeRequests: (name: string) => `See the limited requests of ${name}`,
  last: 'Limited last',
  lastColumns: { time: 'Time', model: 'Model', token: 'Token', agent: 'User agent' },
  all: 'All limited requests',
  open: 'Open the request',
} as const;
