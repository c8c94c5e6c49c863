/** Somebody's sign-in with a token, from a browser. Times are epoch milliseconds. */
export interface Session {
  /** SHA-256 of the session's id, lower-case hex. The id itself is in the browser's cookie and nowhere else. */
  readonly hash: string;
  readonly account: string;
  readonly tokenId: string;
  /** Hash of the token that was shown: a session is worth what this token is worth at the moment. */
  readonly tokenHash: string;
  readonly createdAt: number;
  readonly usedAt: number;
}

/** When and from where a token was last used. */
export interface TokenUse {
  readonly at: number;
  /** '' when there was no socket. */
  readonly address: string;
}

/** Who uses the gateway, in contrast to what was set: may be lost without harm. Synchronous, small. */
export interface AccessStore {
  findSession(hash: string): Session | null;
  putSession(session: Session): void;
  touchSession(hash: string, usedAt: number): void;
  deleteSession(hash: string): void;
  /** Returns how many there were. */
  deleteSessionsOf(tokenHash: string): number;
  /** Those made before `createdBefore` or not used since `usedBefore`, and of each token all but the newest `perToken`. */
  deleteOldSessions(createdBefore: number, usedBefore: number, perToken: number): void;
  tokenUses(account: string): ReadonlyMap<string, TokenUse>;
  putTokenUses(uses: readonly { account: string; tokenId: string; use: TokenUse }[]): void;
  close(): void;
}
