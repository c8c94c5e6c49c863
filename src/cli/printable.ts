/** Text that came from outside, for a terminal: without control characters, which could rewrite what is on it. */
export function printable(value: unknown, longest = 200): string {
  const text = String(value).replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '�');
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

/** Rows under a heading, aligned; the last column is not padded. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  }
  return rows.map((row) =>
    row
      .map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index]!)))
      .join('  ')
      .trimEnd(),
  );
}
