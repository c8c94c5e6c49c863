import type {
  ConversationMessage,
  ConversationObject,
  ConversationPart,
} from '../../../../src/api/contract/conversation.ts';
import type { LogRow } from '../../api/logs.ts';
import type { Provider } from '../../api/providers.ts';
import { placesOf } from './call.ts';
import { type Column, newColumn } from './columns.ts';
import { type Draft, type DraftCall, type DraftImage, type DraftMessage, message } from './draft.ts';
import { type Fields, fieldsOf } from './loose.ts';
import { type ParameterName, type ParameterTexts, stopText } from './parameters.ts';
import { toolsText } from './tools.ts';

export interface Loaded {
  readonly draft: Draft;
  /** Null when nothing can be asked of its provider here. */
  readonly column: Column | null;
  /** Parts that have no place in a draft: sounds, files, thoughts, pictures that lie elsewhere. */
  readonly leftOut: number;
  /** The record itself, or what is shown of it, is not whole. */
  readonly isCut: boolean;
}

type RecordFields = Pick<LogRow, 'id' | 'provider' | 'model' | 'model_requested' | 'path' | 'streamed'>;

/** A record's request as a draft, to be changed and sent again. */
export function loadRecord(
  conversation: ConversationObject,
  log: RecordFields,
  providers: readonly Provider[],
): Loaded {
  const count = { leftOut: 0, isCut: false };
  const messages = conversation.messages.flatMap((one) => draftMessages(one, count));
  const provider = providers.find(({ id, chat }) => id === log.provider && chat !== null);
  const model = log.model_requested ?? log.model;
  const system = conversation.system.map((part) => plainText(part, count)).filter((text) => text !== '');
  const isCut =
    count.isCut ||
    conversation.request_truncated ||
    conversation.omitted_messages > 0 ||
    conversation.problem !== null;
  return {
    draft: {
      system: system.join('\n\n'),
      messages: messages.length === 0 ? [message('user')] : messages,
      toolsText: toolsText(
        conversation.tools.map(({ name, description, schema }) => ({
          name,
          description: description ?? '',
          schema: fieldsOf(schema),
        })),
      ),
      from: log.id,
    },
    column: provider
      ? {
          ...newColumn(provider.id, model),
          parameters: parametersFrom(conversation.parameters),
          isStreamed: log.streamed,
          places: placesFrom(provider, log.path),
        }
      : null,
    leftOut: count.leftOut,
    isCut,
  };
}

interface Count {
  leftOut: number;
  isCut: boolean;
}

/** One message becomes several where it holds several results of tools. */
function draftMessages({ role, parts }: ConversationMessage, count: Count): DraftMessage[] {
  const results: DraftMessage[] = [];
  const texts: string[] = [];
  const images: DraftImage[] = [];
  const calls: DraftCall[] = [];
  for (const part of parts) {
    if (part.type === 'tool-result') {
      const text = part.parts.map((inner) => plainText(inner, count)).filter((one) => one !== '');
      results.push(message('tool', { text: text.join('\n'), callId: part.call_id }));
    } else if (part.type === 'tool-call')
      calls.push({
        id: part.id ?? `call_${calls.length + 1}`,
        name: part.name,
        argumentsText:
          typeof part.arguments === 'string' ? part.arguments : JSON.stringify(part.arguments ?? {}),
        signature: null,
      });
    else if (part.type === 'image') {
      const image = imageFrom(part.data_url, part.name);
      if (image === null) count.leftOut += 1;
      else images.push(image);
    } else {
      const text = plainText(part, count);
      if (text !== '') texts.push(text);
    }
  }
  if (texts.length === 0 && images.length === 0 && calls.length === 0) return results;
  const speaker = role === 'assistant' || role === 'model' ? 'assistant' : 'user';
  return [...results, message(speaker, { text: texts.join('\n\n'), images, calls })];
}

function plainText(part: ConversationPart, count: Count): string {
  if (part.type !== 'text' && part.type !== 'refusal') {
    count.leftOut += 1;
    // What a tool answered is mostly JSON.
    return part.type === 'other' ? JSON.stringify(part.json) : '';
  }
  if (part.length !== undefined) count.isCut = true;
  return part.text;
}

const DATA_URL = /^data:(image\/(?:png|jpeg|gif|webp));base64,([A-Za-z0-9+/=]+)$/;

export function imageFrom(dataUrl: string | null, name: string | null): DraftImage | null {
  const match = dataUrl === null ? null : DATA_URL.exec(dataUrl);
  return match ? { mediaType: match[1]!, data: match[2]!, name } : null;
}

/** Every format's own name of a parameter. */
const NAMES: Readonly<Record<ParameterName, readonly string[]>> = {
  temperature: ['temperature'],
  max_tokens: ['max_tokens', 'max_completion_tokens', 'max_output_tokens', 'maxOutputTokens', 'maxTokens'],
  top_p: ['top_p', 'topP', 'p'],
  top_k: ['top_k', 'topK', 'k'],
  seed: ['seed', 'random_seed'],
  thinking: ['budget_tokens', 'thinkingBudget'],
  effort: ['reasoning_effort', 'effort'],
  stop: ['stop', 'stop_sequences', 'stopSequences'],
};

const NESTED = [
  'generationConfig',
  'generation_config',
  'inferenceConfig',
  'thinking',
  'thinkingConfig',
  'reasoning',
];

export function parametersFrom(given: Fields): ParameterTexts {
  const all = flattened(given);
  const found: Partial<Record<ParameterName, string>> = {};
  for (const [name, names] of Object.entries(NAMES) as [ParameterName, readonly string[]][]) {
    const value = names.map((one) => all[one]).find((one) => one !== undefined && one !== null);
    if (value === undefined) continue;
    if (name === 'stop') {
      const list = Array.isArray(value) ? value : [value];
      found.stop = stopText(list.filter((one) => typeof one === 'string'));
    } else if (name === 'effort' ? typeof value === 'string' : typeof value === 'number')
      found[name] = String(value);
  }
  return found;
}

function flattened(given: Fields): Fields {
  const inner = NESTED.filter((name) => Object.hasOwn(given, name)).map((name) =>
    flattened(fieldsOf(given[name])),
  );
  return Object.assign({}, given, ...inner) as Fields;
}

/** What stood in the recorded address where the provider's endpoint has a name in braces. */
export function placesFrom(provider: Provider, path: string): Record<string, string> {
  const names = placesOf(provider);
  if (names.length === 0) return {};
  for (const endpoint of [provider.chat?.endpoint, provider.chat?.stream_endpoint]) {
    const pattern = (endpoint ?? '')
      .replace(/\?.*$/, '')
      .replace(/[.*+?^$()|[\]\\]/g, '\\$&')
      .replace(/\{(\w+)\}/g, '(?<$1>[^/]+?)');
    const groups = new RegExp(`^/?${pattern}$`).exec(path.replace(/\?.*$/, ''))?.groups;
    if (groups) return Object.fromEntries(names.map((name) => [name, decoded(groups[name] ?? '')]));
  }
  return {};
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
