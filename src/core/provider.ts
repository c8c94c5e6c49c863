import type { DialectId } from './dialect.ts';
import type { HeaderList } from './headers.ts';

/** Where a request goes. The path is as it stands in the request line: encoded, with query, leading slash. */
export interface Address {
  /** `https://host[:port]` */
  readonly origin: string;
  readonly path: string;
}

export interface AddressInput {
  /** What follows the provider segment in the client's URL, as written, without a leading slash, with query. */
  readonly endpoint: string;
  /** Operator's base URL for this provider (process or gateway setting), without a trailing slash; null for the default. */
  readonly baseUrl: string | null;
  /** Lower-case header look-up in the client's request. */
  header(lowerName: string): string | null;
  /** The stored key in use, if any: some hold a region or a resource name beside the key. */
  readonly storedSecret: string | null;
}

/** A request as it is about to leave. */
export interface Outgoing {
  readonly method: string;
  readonly origin: string;
  readonly path: string;
  readonly headers: HeaderList;
  /** null when there is no body, or when it is not in one piece in memory. For authorize() it is, unless it streams through. */
  readonly body: Buffer | null;
}

/** What a provider may need from outside to turn a credential into headers. */
export interface AuthorizeServices {
  readonly nowMs: number;
  /** POST of a form to an https URL through the guarded transport; for token exchanges only. */
  postForm(url: string, form: Readonly<Record<string, string>>): Promise<{ status: number; body: string }>;
}

/** An address, an auth scheme, a dialect, quirks. One file each under providers/. */
export interface Provider {
  /** Path segment: `openai`, `google-ai-studio`. */
  readonly id: string;
  readonly name: string;
  /** Changes when the operator changes the provider: part of the cache key. Absent for built-in ones. */
  readonly revision?: string;
  /** Default upstream base without a trailing slash; null where the address is made from the path (Azure, Bedrock, Vertex). */
  readonly baseUrl: string | null;
  /** How a key is sent: `{header:'authorization', prefix:'Bearer '}`. */
  readonly credential: { readonly header: string; readonly prefix: string };
  /** Lower-case headers (and query parameters) in which a client may bring a key, or a gateway token in its place. */
  readonly credentialHeaders: readonly string[];
  readonly credentialQuery?: readonly string[];
  /** Request headers, lower-case, that are for the gateway only and not for the upstream (`x-fal-target-url`). */
  readonly ownHeaders?: readonly string[];
  dialect(endpoint: string): DialectId;
  /** Model named by the path, or null (then the body's `model` is it). */
  modelFromPath?(endpoint: string): string | null;
  /** Throws GatewayError('invalid-provider') when the path cannot name an upstream. */
  address(input: AddressInput): Address;
  /** True for a client credential that gives way to a stored key (an AWS signature, which SDKs cannot leave out). */
  yieldsToStored?(headerValue: string): boolean;
  /**
   * Puts a stored key on the request. Default: set `credential`. The result may have another origin only if that
   * origin belongs to the provider.
   */
  authorize?(outgoing: Outgoing, secret: string, services: AuthorizeServices): Outgoing | Promise<Outgoing>;
  /** Changes a request that goes out without a stored key: a client's credential in a form of its own (Vertex, Mantle), fixed headers. */
  adaptClientCredential?(outgoing: Outgoing, services: AuthorizeServices): Outgoing | Promise<Outgoing>;
}
