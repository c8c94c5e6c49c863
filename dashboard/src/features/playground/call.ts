import type { Provider } from '../../api/providers.ts';
import type { Column } from './columns.ts';
import { type Draft, sentMessages } from './draft.ts';
import type { ChatFormat } from './formats/format.ts';
import { formatOf } from './formats/formats.ts';
import { isParameter, PARAMETER_NAMES, type ParameterName, parametersOf } from './parameters.ts';
import { readTools } from './tools.ts';

/** A request as it is sent: everything after the provider's name is the provider's own. */
export interface Call {
  readonly provider: string;
  /** Before any `?`. */
  readonly path: string;
  /** With its `?`, or ''. */
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Record<string, unknown>;
  readonly format: ChatFormat;
}

export type CallProblem =
  | { readonly kind: 'no-provider' | 'no-chat' | 'no-model' | 'no-message' | 'tools' }
  | { readonly kind: 'place' | 'parameter'; readonly name: string };

/** What the provider's address wants to have filled in besides the model: resource, deployment, region, project. */
export function placesOf(provider: Provider | undefined): string[] {
  const found = provider?.chat?.endpoint.matchAll(/\{(\w+)\}/g) ?? [];
  return [...new Set([...found].map(([, name]) => name!))].filter((name) => name !== 'model');
}

export const formatOfProvider = (provider: Provider | undefined): ChatFormat | null =>
  provider?.chat ? formatOf(provider.chat.dialect) : null;

/** The request that a column makes of the conversation, or why there is none. */
export function callOf(column: Column, provider: Provider | undefined, draft: Draft): Call | CallProblem {
  const format = formatOfProvider(provider);
  if (provider === undefined) return { kind: 'no-provider' };
  if (!provider.chat || format === null) return { kind: 'no-chat' };
  const model = column.model.trim();
  if (model === '') return { kind: 'no-model' };
  const places: Record<string, string> = { model };
  for (const name of placesOf(provider)) {
    const value = column.places[name]?.trim() ?? '';
    if (value === '') return { kind: 'place', name };
    places[name] = value;
  }
  const wrong = wrongParameter(column, format);
  if (wrong !== undefined) return { kind: 'parameter', name: wrong };
  const { tools, problem } = readTools(draft.toolsText);
  if (problem !== null) return { kind: 'tools' };
  const messages = sentMessages(draft);
  if (messages.length === 0) return { kind: 'no-message' };

  const isStreamed = column.isStreamed && format.streams;
  const endpoint = isStreamed ? provider.chat.stream_endpoint : provider.chat.endpoint;
  const filled = endpoint.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(places[name] ?? ''));
  const at = filled.indexOf('?');
  return {
    provider: provider.id,
    path: at === -1 ? filled : filled.slice(0, at),
    query: at === -1 ? '' : filled.slice(at),
    headers: format.headers,
    body: format.write({
      provider: provider.id,
      model,
      system: draft.system,
      messages,
      tools,
      parameters: parametersOf(column.parameters, format.parameters),
      isStreamed,
    }),
    format,
  };
}

export const isCall = (value: Call | CallProblem): value is Call => 'path' in value;

const wrongParameter = ({ parameters }: Column, format: ChatFormat): ParameterName | undefined =>
  PARAMETER_NAMES.find(
    (name) => format.parameters.includes(name) && !isParameter(name, parameters[name] ?? ''),
  );
