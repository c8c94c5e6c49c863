import { lookup as dnsLookup, type LookupAddress, type LookupAllOptions } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { GatewayError } from '../core/errors.ts';

/**
 * Addresses that are not on the public internet (IANA special-purpose registries). An upstream that resolves to one of
 * them is refused unless the operator lists it: a base URL is input, and these ranges hold metadata services and neighbours.
 */
const RESERVED_V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
// Only 2000::/3 is given out on the internet: what lies outside is loopback, local, multicast, or an IPv4 address in
// disguise (`::7f00:1`, `64:ff9b::7f00:1`). 2002::/16 lies inside, and carries one too.
const GLOBAL_V6 = '2000::/3';
const RESERVED_V6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

function blockList(cidrs: readonly string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [address = '', prefix] = cidr.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    list.addSubnet(address, prefix === undefined ? (family === 'ipv6' ? 128 : 32) : Number(prefix), family);
  }
  return list;
}

const reserved = blockList([...RESERVED_V4, ...RESERVED_V6]);
const globalV6 = blockList([GLOBAL_V6]);

function isReserved(address: string, kind: 'ipv4' | 'ipv6'): boolean {
  return reserved.check(address, kind) || (kind === 'ipv6' && !globalV6.check(address, kind));
}

/** dns.lookup in the one form that is used here. */
export type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** `::ffff:10.0.0.1` is 10.0.0.1 on the wire, however it is spelled. */
function unmapped(address: string): string {
  const lower = address.toLowerCase();
  if (!lower.startsWith('::ffff:')) return address;
  const rest = lower.slice(7);
  if (isIP(rest) === 4) return rest;
  const groups = /^([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(rest);
  if (!groups) return address;
  const value = ((Number.parseInt(groups[1]!, 16) << 16) | Number.parseInt(groups[2]!, 16)) >>> 0;
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255].join('.');
}

export class EgressGuard {
  readonly #allowed: BlockList;
  readonly #resolve: Resolve;

  /** @param allowPrivate CIDR list of reserved ranges that upstreams may resolve to. */
  constructor(allowPrivate: readonly string[], resolve: Resolve = dnsLookup) {
    this.#allowed = blockList(allowPrivate);
    this.#resolve = resolve;
  }

  permits(address: string): boolean {
    const plain = unmapped(address);
    const family = isIP(plain);
    if (family === 0) return false;
    const kind = family === 6 ? 'ipv6' : 'ipv4';
    return !isReserved(plain, kind) || this.#allowed.check(plain, kind);
  }

  /** True for an address literal, or a loopback name, that only the operator's list permits. */
  allows(hostname: string): boolean {
    const bare = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
    if (bare === 'localhost') return this.permits('127.0.0.1') || this.permits('::1');
    return (
      isIP(bare) !== 0 &&
      this.permits(bare) &&
      isReserved(unmapped(bare), isIP(unmapped(bare)) === 6 ? 'ipv6' : 'ipv4')
    );
  }

  /** Throws for an address literal that may not be dialled. Names are checked by `lookup`, when they are resolved. */
  checkHost(hostname: string): void {
    const bare = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
    if (isIP(bare) !== 0 && !this.permits(bare)) throw refused(hostname, bare);
  }

  /** dns.lookup for sockets: the addresses it hands out are the ones that get dialled, so a rebinding name gains nothing. */
  readonly lookup: LookupFunction = (hostname, options, callback) => {
    this.#resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) {
        callback(error, '', 0);
        return;
      }
      const permitted = addresses.filter(({ address }) => this.permits(address));
      const first = permitted[0];
      if (!first) {
        callback(
          refused(hostname, addresses[0]?.address ?? 'nothing') as NodeJS.ErrnoException & GatewayError,
          '',
          0,
        );
      } else if (options.all) {
        (callback as unknown as (error: null, addresses: LookupAddress[]) => void)(null, permitted);
      } else {
        callback(null, first.address, first.family);
      }
    });
  };
}

function refused(hostname: string, address: string): GatewayError {
  return new GatewayError(
    'egress-refused',
    `Failed to get response from provider: ${hostname} is ${address === hostname ? '' : `${address}, `}a private or reserved address, and not listed in TIDEGATE_ALLOW_PRIVATE`,
  );
}
