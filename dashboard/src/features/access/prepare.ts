import type { Token } from '../../api/tokens.ts';
import { accessWords as words } from '../../words/access.ts';

export type Role = keyof typeof words.roles;
export type Expiry = keyof typeof words.expiry;

const DAY_MS = 86_400_000;
const EXPIRY_DAYS: Readonly<Record<Exclude<Expiry, 'never'>, number>> = {
  day: 1,
  week: 7,
  month: 30,
  year: 365,
};

/** RFC 3339, or null for a token without end. */
export function expiryInstant(expiry: Expiry, nowMs: number): string | null {
  return expiry === 'never' ? null : new Date(nowMs + EXPIRY_DAYS[expiry] * DAY_MS).toISOString();
}

export function roleLabel(token: Pick<Token, 'role' | 'permissions'>): string {
  return token.role === null ? words.custom(token.permissions.join(', ')) : words.roles[token.role];
}

/** Those that still open something, unless all are asked for. */
export function shownTokens(tokens: readonly Token[], withEnded: boolean): readonly Token[] {
  return withEnded ? tokens : tokens.filter(({ status }) => status === 'active');
}
