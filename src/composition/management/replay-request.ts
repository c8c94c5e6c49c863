import type { PreparedReplay, PrepareReplay } from '../../core/inside-call.ts';
import type { Provider } from '../../core/provider.ts';
import type { LogRow } from '../../core/stores/logs.ts';
import type { DecodedContent } from '../../wire/decode-content.ts';
import { findJson, replaceJson } from '../../wire/json-find.ts';
import { scanRequest } from '../../wire/json-scan.ts';

interface ReplayServices {
  findProvider(account: string, slug: string): Provider | null;
  decode(bytes: Buffer, encoding: string): DecodedContent | null | Promise<DecodedContent | null>;
}

/**
 * Makes a stored request ready to be sent again, byte for byte as it was, except for the model when another is wanted.
 * Of a request to the universal endpoint it is the step that answered.
 */
export function replayPreparer({ findProvider, decode }: ReplayServices): PrepareReplay {
  return async (row, stored, model) => {
    if (stored === null && row.requestSize > 0)
      return refused(null, 'The request cannot be sent again: its body was not kept');
    if (stored?.truncated)
      return refused(null, 'The request cannot be sent again: only the beginning of its body was kept');
    let body = stored?.bytes ?? Buffer.alloc(0);
    let encoding = stored?.encoding ?? '';
    const isUniversal = row.requestType === 'universal';
    if (encoding !== '' && (isUniversal || model !== null)) {
      const decoded = await decode(body, encoding);
      if (!decoded?.complete)
        return refused(null, 'The request cannot be sent again: its body cannot be decoded');
      body = decoded.bytes;
      encoding = '';
    }
    if (isUniversal) {
      const query = findJson(body, body[firstByte(body)] === 0x5b ? [row.step, 'query'] : ['query']);
      body = query === null ? Buffer.alloc(0) : body.subarray(query.from, query.to);
    }
    const query = row.resend?.query ?? '';
    let endpoint = query === '' ? row.path : `${row.path}?${query}`;
    if (model !== null) {
      const provider = findProvider(row.account, row.provider);
      const inPath = provider?.modelFromPath?.(endpoint) ?? null;
      if (inPath !== null) {
        const changed = replaceInPath(endpoint, inPath, model);
        if (provider?.modelFromPath?.(changed) !== model)
          return refused('model', 'the model stands in the path, and cannot be exchanged there');
        endpoint = changed;
      } else {
        const changed = replaceInBody(body, model);
        if (changed === null)
          return refused(
            'model',
            'the request is no JSON that names one model, so there is none to exchange',
          );
        body = changed;
      }
    }
    return {
      kind: 'ready',
      method: row.method,
      rest: `${row.provider}/${endpoint}`,
      headers: headersOf(row, isUniversal, encoding),
      body,
    };
  };
}

function refused(field: 'model' | null, message: string): PreparedReplay {
  return { kind: 'refused', field, message };
}

function headersOf(row: LogRow, isUniversal: boolean, encoding: string): string[] {
  const type = isUniversal ? 'application/json' : row.requestContentType;
  return [
    ...(type === null ? [] : ['content-type', type]),
    ...(encoding === '' ? [] : ['content-encoding', encoding]),
    ...(row.resend?.headers ?? []),
  ];
}

function replaceInBody(body: Buffer, model: string): Buffer | null {
  const facts = scanRequest(body);
  if (facts.model === null || facts.ambiguousKey !== null) return null;
  const place = findJson(body, ['model']);
  return place === null ? null : replaceJson(body, place, model);
}

/** Whichever way the model is written there: plain, encoded, or encoded between its slashes. */
function replaceInPath(endpoint: string, from: string, to: string): string {
  const encodings: ((model: string) => string)[] = [
    (model) => model.split('/').map(encodeURIComponent).join('/'),
    encodeURIComponent,
    encodeURI,
  ];
  for (const encode of encodings) {
    const at = endpoint.indexOf(encode(from));
    if (at >= 0) return endpoint.slice(0, at) + encode(to) + endpoint.slice(at + encode(from).length);
  }
  return endpoint;
}

function firstByte(body: Buffer): number {
  let at = 0;
  while (at < body.length && (body[at]! <= 0x20 || body[at]! >= 0x80)) at++;
  return at;
}
