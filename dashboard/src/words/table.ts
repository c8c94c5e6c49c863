export const tableWords = {
  sortedUp: 'sorted, smallest first',
  sortedDown: 'sorted, largest first',
  sortBy: (column: string) => `Sort by ${column}`,
  density: 'Row height',
  comfortable: 'Comfortable',
  compact: 'Compact',
  empty: 'Nothing here',
} as const;
