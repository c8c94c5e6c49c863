import { PARAMETER_NAMES, type ParameterName, type ParameterTexts } from './parameters.ts';

/** A model with its parameters: one of the answers that stand side by side. */
export interface Column {
  readonly provider: string;
  readonly model: string;
  readonly parameters: ParameterTexts;
  readonly isStreamed: boolean;
  /** What else stands in the provider's address: a resource, a region, a project. */
  readonly places: Readonly<Record<string, string>>;
}

export const MOST_COLUMNS = 4;

export const newColumn = (provider: string, model: string): Column => ({
  provider,
  model,
  parameters: {},
  isStreamed: true,
  places: {},
});

const escaped = (text: string): string => text.replace(/[%|\n]/g, encodeURIComponent);

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** In the address: `openai/gpt-4o-mini|temperature:0.2|stream:off`; what belongs to the provider's address has an @. */
export function encodeColumn({ provider, model, parameters, isStreamed, places }: Column): string {
  return [
    `${escaped(provider)}/${escaped(model)}`,
    ...PARAMETER_NAMES.flatMap((name) => {
      const text = parameters[name] ?? '';
      return text === '' ? [] : [`${name}:${escaped(text)}`];
    }),
    ...Object.entries(places).flatMap(([name, text]) => (text === '' ? [] : [`@${name}:${escaped(text)}`])),
    ...(isStreamed ? [] : ['stream:off']),
  ].join('|');
}

/** Null for what names no provider; what it does not know it leaves out. */
export function decodeColumn(text: string): Column | null {
  const [head = '', ...rest] = text.split('|');
  const slash = head.indexOf('/');
  if (slash < 1) return null;
  const parameters: Partial<Record<ParameterName, string>> = {};
  const places: Record<string, string> = {};
  let isStreamed = true;
  for (const piece of rest) {
    const colon = piece.indexOf(':');
    if (colon === -1) continue;
    const name = piece.slice(0, colon);
    const value = unescaped(piece.slice(colon + 1));
    if (name === 'stream') isStreamed = value !== 'off';
    else if (/^@[a-z]+$/.test(name)) places[name.slice(1)] = value;
    else if (isParameterName(name)) parameters[name] = value;
  }
  return {
    provider: unescaped(head.slice(0, slash)),
    model: unescaped(head.slice(slash + 1)),
    parameters,
    isStreamed,
    places,
  };
}

const isParameterName = (name: string): name is ParameterName =>
  (PARAMETER_NAMES as readonly string[]).includes(name);

export const decodeColumns = (texts: readonly string[]): Column[] =>
  texts
    .map(decodeColumn)
    .filter((column) => column !== null)
    .slice(0, MOST_COLUMNS);
