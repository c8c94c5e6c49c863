import type { HeaderList } from '../core/headers.ts';
import { memo } from '../core/memo.ts';

/** Fields that belong to one connection (RFC 9110, 7.6.1), or that the transport writes itself. */
const CONNECTION = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]);

/** Fields of a request that are for the gateway, or about the way to it, and none of the provider's business. */
const INBOUND = new Set([
  ...CONNECTION,
  'host',
  'content-length',
  'expect',
  'cookie',
  'forwarded',
  'via',
  'x-real-ip',
  'true-client-ip',
  'cf-connecting-ip',
  'cf-ipcountry',
  'cf-ray',
  'cf-visitor',
  'cf-worker',
  'cdn-loop',
  'cf-cache-ttl',
  'cf-skip-cache',
]);

/** Fields by which an upstream could act on the client in the gateway's name. */
const OUTBOUND = new Set([
  ...CONNECTION,
  'set-cookie',
  'set-cookie2',
  'alt-svc',
  'clear-site-data',
  'public-key-pins',
  'strict-transport-security',
  'nel',
  'report-to',
  'reporting-endpoints',
]);

/** Lower-case names listed by `Connection` fields; null when there are none beside keep-alive and close. */
function namedByConnection(list: readonly string[]): Set<string> | null {
  let named: Set<string> | null = null;
  for (let i = 0; i < list.length; i += 2) {
    if (list[i]!.length !== 10 || list[i]!.toLowerCase() !== 'connection') continue;
    for (const part of list[i + 1]!.split(',')) {
      const name = part.trim().toLowerCase();
      if (name === '' || name === 'keep-alive' || name === 'close') continue;
      named ??= new Set();
      named.add(name);
    }
  }
  return named;
}

const goesUp = memo((name): boolean => {
  const lower = name.toLowerCase();
  if (INBOUND.has(lower)) return false;
  return !['cf-aig-', 'cf-access-', 'tidegate-', 'x-forwarded-'].some((prefix) => lower.startsWith(prefix));
});

const goesDown = memo((name): boolean => {
  const lower = name.toLowerCase();
  if (OUTBOUND.has(lower)) return false;
  return !['access-control-', 'cf-aig-', 'tidegate-'].some((prefix) => lower.startsWith(prefix));
});

/** What of a client's fields goes to the provider, case and order kept. `drop` adds names (lower case) to be left out. */
export function forwardedRequestHeaders(
  list: readonly string[],
  drop: ReadonlySet<string> | null,
): HeaderList {
  return forwarded(list, goesUp, drop);
}

/** What of an upstream's fields goes to the client. */
export function forwardedReplyHeaders(list: readonly string[]): HeaderList {
  return forwarded(list, goesDown, null);
}

function forwarded(
  list: readonly string[],
  goes: (name: string) => boolean,
  drop: ReadonlySet<string> | null,
): HeaderList {
  const named = namedByConnection(list);
  const kept: HeaderList = [];
  for (let i = 0; i < list.length; i += 2) {
    const name = list[i]!;
    if (!goes(name)) continue;
    if (drop !== null || named !== null) {
      const lower = name.toLowerCase();
      if (drop?.has(lower) || named?.has(lower)) continue;
    }
    kept.push(name, list[i + 1]!);
  }
  return kept;
}
