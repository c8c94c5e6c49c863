/** One line of figures. */
export interface ParsedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface ParsedFamily {
  readonly name: string;
  readonly kind: string;
  readonly samples: ParsedSample[];
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const NUMBER = /^([+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|[+-]Inf|NaN)$/;

/**
 * Reads the text formats of Prometheus by the letter of their descriptions and throws at the first thing that they do
 * not allow: a scraper drops the whole answer for one wrong line.
 */
export function parseMetrics(text: string, format: 'prometheus' | 'openmetrics'): Map<string, ParsedFamily> {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const lines = text.slice(0, -1).split('\n');
  if (format === 'openmetrics' && lines.pop() !== '# EOF') throw new Error('there is no # EOF');
  const families = new Map<string, ParsedFamily>();
  const seen = new Set<string>();
  let current: ParsedFamily | null = null;
  let helped = '';
  for (const line of lines) {
    const comment = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line);
    if (comment) {
      const [, what, name = '', rest = ''] = comment;
      if (!NAME.test(name)) throw new Error(`'${name}' is no name`);
      if (what === 'HELP') {
        if (rest.replace(/\\[\\n"]/g, '').includes('\\')) throw new Error(`wrong escape: ${line}`);
        helped = name;
      } else {
        if (families.has(name)) throw new Error(`${name} stands in two places`);
        if (helped !== name) throw new Error(`${name} has no help`);
        if (!['counter', 'gauge', 'histogram'].includes(rest)) throw new Error(`unknown type ${rest}`);
        current = { name, kind: rest, samples: [] };
        families.set(name, current);
      }
      continue;
    }
    if (line.startsWith('#') || line === '') throw new Error(`a line that says nothing: ${line}`);
    const sample = parseSample(line);
    if (current === null || !belongs(sample.name, current, format)) {
      throw new Error(`${sample.name} stands outside its family`);
    }
    const key = `${sample.name}${JSON.stringify(Object.entries(sample.labels).sort())}`;
    if (seen.has(key)) throw new Error(`${key} is there twice`);
    seen.add(key);
    current.samples.push(sample);
  }
  for (const family of families.values()) if (family.kind === 'histogram') checkHistogram(family);
  return families;
}

function belongs(name: string, { name: family, kind }: ParsedFamily, format: string): boolean {
  if (kind === 'histogram') return [`${family}_bucket`, `${family}_sum`, `${family}_count`].includes(name);
  if (kind === 'counter') {
    return format === 'openmetrics' ? name === `${family}_total` : name === family && name.endsWith('_total');
  }
  return name === family;
}

function parseSample(line: string): ParsedSample {
  const name = /^[^{ ]*/.exec(line)![0];
  if (!NAME.test(name)) throw new Error(`'${name}' is no name`);
  const labels: Record<string, string> = {};
  let at = name.length;
  if (line[at] === '{') {
    at++;
    while (line[at] !== '}') {
      const equals = line.indexOf('="', at);
      const label = line.slice(at, equals);
      if (equals === -1 || !/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label)) throw new Error(`wrong label: ${line}`);
      if (label in labels) throw new Error(`the label ${label} is there twice`);
      let value = '';
      for (at = equals + 2; line[at] !== '"'; at++) {
        if (at >= line.length) throw new Error(`a label without an end: ${line}`);
        if (line[at] === '\\') {
          const escaped = line[++at];
          if (escaped !== '\\' && escaped !== '"' && escaped !== 'n')
            throw new Error(`wrong escape: ${line}`);
          value += escaped === 'n' ? '\n' : escaped;
        } else value += line[at];
      }
      labels[label] = value;
      at++;
      if (line[at] === ',') at++;
      else if (line[at] !== '}') throw new Error(`wrong labels: ${line}`);
    }
    at++;
  }
  const number = line.slice(at + 1);
  if (line[at] !== ' ' || !NUMBER.test(number)) throw new Error(`wrong value: ${line}`);
  return { name, labels, value: Number(number.replace('Inf', 'Infinity')) };
}

/** Buckets rise, end with +Inf, and the last of them is the count. */
function checkHistogram({ name, samples }: ParsedFamily): void {
  const groups = new Map<string, ParsedSample[]>();
  for (const sample of samples) {
    const { le: _le, ...labels } = sample.labels;
    const key = JSON.stringify(Object.entries(labels).sort());
    groups.set(key, [...(groups.get(key) ?? []), sample]);
  }
  for (const [key, group] of groups) {
    const buckets = group.filter((sample) => sample.name === `${name}_bucket`);
    const bounds = buckets.map(({ labels }) => Number(labels.le?.replace('Inf', 'Infinity')));
    const rises = (values: number[]): boolean =>
      values.every((value, index) => index === 0 || value >= values[index - 1]!);
    const count = group.find((sample) => sample.name === `${name}_count`)?.value;
    if (bounds.at(-1) !== Number.POSITIVE_INFINITY || !rises(bounds))
      throw new Error(`${name}${key}: wrong bounds`);
    if (!rises(buckets.map(({ value }) => value))) throw new Error(`${name}${key}: buckets fall`);
    if (count === undefined || buckets.at(-1)?.value !== count) throw new Error(`${name}${key}: wrong count`);
    if (!group.some((sample) => sample.name === `${name}_sum`)) throw new Error(`${name}${key}: no sum`);
  }
}
