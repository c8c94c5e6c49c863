export const chartWords = {
  other: 'Other',
  total: 'Total',
  before: 'Period before',
  time: 'Time',
  showTable: 'Show as table',
  showChart: 'Show as chart',
  isolate: (name: string) => `Show only ${name}`,
  showAll: 'Show all',
  unfinished: 'so far',
  noValue: 'no value',
  empty: 'No requests in this range.',
  /** Read out in place of the picture. */
  describe: (title: string, from: string, to: string) =>
    `${title}, from ${from} to ${to}. Arrow keys go through the values, Enter opens the requests, T shows a table.`,
  figuresOf: (title: string) => `Figures of ${title}`,
  failed: 'These figures could not be loaded',
} as const;
