import { stored } from '../browser/stored.ts';

/** Light, dark. At least 3:1 against the panel they stand on; red, amber and green are kept for what they mean. */
const PALETTE = [
  ['#0b6d9e', '#4db8e8'],
  ['#7c4dbd', '#b294ea'],
  ['#128577', '#3fc1ae'],
  ['#c2478f', '#e78cc1'],
  ['#8a6416', '#cfa452'],
  ['#3f57c4', '#91a1f5'],
  ['#55697b', '#9fb1c2'],
  ['#a14f3c', '#dd9582'],
  ['#2b91a8', '#7fd6e6'],
  ['#9a3fb0', '#d79be8'],
  ['#6b7a1e', '#b9c765'],
  ['#8c5a7d', '#c9a3bf'],
] as const;

const MEANING = {
  good: ['#1d8a4b', '#4cc47f'],
  plain: ['#0b6d9e', '#4db8e8'],
  limited: ['#b36a00', '#f0a83a'],
  bad: ['#c92a2a', '#f06a6a'],
  muted: ['#8a949e', '#737d87'],
  other: ['#a9b2ba', '#5c656e'],
} as const;

/** A name of a colour: one of the palette by number, or one that means something everywhere. */
export type Color = number | keyof typeof MEANING;

export function hexOf(color: Color, isDark: boolean): string {
  const [light, dark] = typeof color === 'number' ? PALETTE[color % PALETTE.length]! : MEANING[color];
  return isDark ? dark : light;
}

/** Colours by name, as they were given out: the first names get colours of their own. */
export type GivenColors = Readonly<Record<string, number>>;

const MOST_REMEMBERED = 200;

/**
 * Gives colours to names that have none: the one that the name itself points to where no other name has it, else the
 * one that the fewest have. What was given stays, so that a thing has one colour on every page.
 */
export function giveColors(given: GivenColors, names: readonly string[]): GivenColors {
  const missing = names.filter((name) => !Object.hasOwn(given, name));
  if (missing.length === 0) return given;
  // Without a prototype: a model can have any name, `__proto__` too.
  const next: Record<string, number> = Object.create(null);
  if (Object.keys(given).length <= MOST_REMEMBERED) Object.assign(next, given);
  const uses = PALETTE.map((_, color) => Object.values(next).filter((one) => one === color).length);
  for (const name of names) {
    if (Object.hasOwn(next, name)) continue;
    const wanted = hash(name) % PALETTE.length;
    const fewest = Math.min(...uses);
    const color = uses[wanted] === fewest ? wanted : uses.indexOf(fewest);
    uses[color] = (uses[color] ?? 0) + 1;
    next[name] = color;
  }
  return next;
}

/**
 * The colours of one chart. Where more names were seen than there are colours, two in a chart can have the same: then
 * the later of them takes one that is free in this chart.
 */
export function chartColors(given: GivenColors, names: readonly string[]): ReadonlyMap<string, Color> {
  const colors = new Map<string, Color>();
  const taken = new Set<number>();
  for (const name of names) {
    let color = Object.hasOwn(given, name) ? (given[name] ?? 0) : 0;
    for (let tries = 0; taken.has(color) && tries < PALETTE.length; tries++)
      color = (color + 1) % PALETTE.length;
    taken.add(color);
    colors.set(name, color);
  }
  return colors;
}

const remembered = stored<string>('colors', '{}');

/** The same name has the same colour in every chart, on every page and at every visit. */
export function colorsOf(names: readonly string[]): ReadonlyMap<string, Color> {
  const before = remembered.get();
  const given = giveColors(readGiven(before), names);
  const after = JSON.stringify(given);
  if (after !== before) remembered.set(after);
  return chartColors(given, names);
}

function readGiven(text: string): GivenColors {
  try {
    const value: unknown = JSON.parse(text);
    const entries = Object.entries(typeof value === 'object' && value !== null ? value : {});
    return Object.fromEntries(entries.filter(([, color]) => Number.isInteger(color) && color >= 0));
  } catch {
    return {};
  }
}

function hash(text: string): number {
  let value = 2166136261;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 16777619);
  return value >>> 0;
}
