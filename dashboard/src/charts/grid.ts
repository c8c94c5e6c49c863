/** Where the plot stands in its box, in px: known to what draws it and to what lies over it. */
export const GRID = { left: 52, right: 8, top: 10, bottom: 24 } as const;
