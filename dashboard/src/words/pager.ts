export const pagerWords = {
  label: 'Pages of this list',
  labelOf: (list: string) => `Pages of ${list}`,
  range: (from: string, to: string, all: string) => `${from} to ${to} of ${all}`,
  back: 'Previous',
  on: 'Next',
} as const;
