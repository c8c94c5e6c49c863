/**
 * Who changed what. Entries of an account are a chain: each holds the hash of the one before it, so that none can be
 * changed, taken out or put in unseen. The names are those of the API: an entry is hashed as it is shown, and anybody can
 * compute the chain from what the API answers.
 */
export interface AuditContent {
  readonly id: string;
  readonly account: { readonly id: string };
  readonly action: {
    /** `create`, `update`, `delete`, `revoke`, `purge`, `rotate`, `sign_in` … */
    readonly type: string;
    readonly result: 'success' | 'failure';
    /** RFC 3339. */
    readonly time: string;
  };
  readonly actor: AuditActor;
  readonly resource: {
    readonly product: 'ai_gateway';
    /** `ai_gateway.gateway` … */
    readonly type: string;
    readonly id: string | null;
    /** The gateway that it belongs to. */
    readonly gateway: string | null;
  };
  /** The thing as the API shows it, without secrets; null where there was none, or nothing to show. */
  readonly before: unknown;
  readonly after: unknown;
  readonly raw: AuditRequest | null;
}

export interface AuditActor {
  readonly type: 'user' | 'system';
  /** How it came: with a token, from the dashboard, from the command line, as a request to a provider, by itself. */
  readonly context: 'api_token' | 'dash' | 'cli' | 'gateway' | 'system';
  readonly token_id: string | null;
  readonly token_name: string | null;
  readonly role: string | null;
  readonly ip_address: string | null;
}

export interface AuditRequest {
  readonly method: string;
  readonly uri: string;
  readonly user_agent: string | null;
}

export interface AuditEntry extends AuditContent {
  /** 1, 2, 3 … within the account. */
  readonly sequence: number;
  /** Hash of the entry before; 64 zeros for the first. */
  readonly previous_hash: string;
  /** SHA-256, lower-case hex, of this entry without `hash` as canonical JSON (RFC 8785). */
  readonly hash: string;
}

export interface AuditQuery {
  /** Epoch ms, both inclusive. */
  readonly from: number | null;
  readonly to: number | null;
  /** Id or name of a token. */
  readonly actor: string | null;
  readonly action: string | null;
  readonly resourceType: string | null;
  readonly resourceId: string | null;
  readonly limit: number;
  readonly offset: number;
}

export interface AuditVerdict {
  readonly entries: number;
  /** Hash of the newest entry, to be kept elsewhere: whoever rewrites the whole chain changes it. */
  readonly head: string | null;
  /** The first entry that is not as it was written; null when all are. */
  readonly broken: { readonly sequence: number; readonly id: string | null; readonly reason: string } | null;
}

export interface AuditLog {
  /** Adds entries to the chains of their accounts. Inside a transaction of the config store it is part of it. */
  append(contents: readonly AuditContent[]): void;
  /** Newest first. */
  list(
    account: string,
    query: AuditQuery,
  ): { readonly entries: readonly AuditEntry[]; readonly totalCount: number };
  /** Reads every entry, in pieces, so that others get their turn. */
  verify(account: string): Promise<AuditVerdict>;
  /** True when the chain has an entry with that hash: it has not been rewritten since the hash was noted. */
  has(account: string, hash: string): boolean;
}
