export const pagerWords = {
  label: 'Pages of this list',
  range: (from: string, to: string, all: string) => `${from} to ${to} of ${all}`,
  back: 'Previous',
  on: 'Next',
} as const;
