import type { Json, Part } from '../../core/conversation.ts';
import { fieldsOf } from '../json-fields.ts';
import { boundedJson, nameOf, wholeTextOf } from './loose-body.ts';

type MediaKind = 'image' | 'audio' | 'file';

/** Shown by a browser without running anything. SVG is not among them: it is a document. */
const SHOWN =
  /^(?:image\/(?:png|jpe?g|gif|webp|avif)|audio\/(?:mpeg|mp3|wav|x-wav|ogg|opus|flac|aac|webm|mp4))$/;
const LARGEST_SHOWN = 4 * 1024 * 1024;
const ADDRESS = /^(?:https?|gs|s3):\/\//i;

/** No part for an empty text: it says nothing. */
export function textPart(value: unknown, type: 'text' | 'thinking' | 'refusal' = 'text'): Part[] {
  const text = wholeTextOf(value);
  return text === null || text === '' ? [] : [{ type, text }];
}

export function otherPart(value: unknown): Part {
  return { type: 'other', json: boundedJson(value) };
}

/** `value` is base64, a data URL or an address. */
export function mediaPart(
  type: MediaKind,
  value: unknown,
  mediaType: string | null,
  name: string | null = null,
): Part {
  const text = wholeTextOf(value) ?? '';
  const url = ADDRESS.test(text) ? text.slice(0, 4096) : null;
  if (url !== null) return { type, mediaType, dataUrl: null, url, bytes: null, name };
  const data = /^data:([^;,]{0,100})[^,]{0,200},/.exec(text.slice(0, 512));
  const base64 = data === null ? text : text.slice(data[0].length);
  const media = (nameOf(data?.[1]) ?? mediaType)?.toLowerCase() ?? null;
  const isShown =
    media !== null &&
    SHOWN.test(media) &&
    base64.length <= LARGEST_SHOWN &&
    /^[A-Za-z0-9+/]+={0,2}$/.test(base64);
  return {
    type,
    mediaType: media,
    dataUrl: isShown ? `data:${media};base64,${base64}` : null,
    url: null,
    bytes:
      base64 === '' ? null : Math.floor((base64.length * 3) / 4) - /=*$/.exec(base64.slice(-2))![0].length,
    name,
  };
}

/** A file that the provider keeps, by its id. */
export function storedFile(type: MediaKind, id: unknown, name: unknown = null): Part {
  return { type, mediaType: null, dataUrl: null, url: null, bytes: null, name: nameOf(name) ?? nameOf(id) };
}

export function callPart(id: unknown, name: unknown, given: unknown): Part {
  return { type: 'tool-call', id: nameOf(id), name: nameOf(name) ?? '', arguments: argumentsOf(given) };
}

/** Arguments travel as JSON text with most providers; text that is none stays text. */
function argumentsOf(given: unknown): Json {
  if (typeof given !== 'string') return given === undefined ? {} : boundedJson(given);
  if (given.trim() === '') return {};
  try {
    return boundedJson(JSON.parse(given));
  } catch {
    return boundedJson(given);
  }
}

export function resultPart(callId: unknown, parts: readonly Part[], isError = false): Part {
  return { type: 'tool-result', callId: nameOf(callId), parts, isError };
}

/** `cache_control` on a block, as Anthropic has it and others took over. */
export function marked(part: Part, source: unknown): Part {
  return fieldsOf(fieldsOf(source)?.cache_control) === null ? part : { ...part, cacheMarker: true };
}
