const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'host',
]);

/** Raw header fields without those of one connection. */
export function endToEnd(fields: readonly (string | Buffer)[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i < fields.length; i += 2) {
    const name = String(fields[i]);
    if (!HOP_BY_HOP.has(name.toLowerCase())) kept.push(name, String(fields[i + 1]));
  }
  return kept;
}
