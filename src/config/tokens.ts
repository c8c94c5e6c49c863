import { hash, randomBytes } from 'node:crypto';
import { Secret } from '../core/secret.ts';

const PREFIX = 'tg_';
const RANDOM_BYTES = 32;
/** Digits of 2^256 in base 62. */
const DIGITS = 43;
const PREVIEW = 6;
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

export interface MintedToken {
  /** To be shown once. */
  readonly value: Secret;
  readonly hash: string;
  readonly preview: string;
}

/** A new gateway token: 256 random bits in letters and digits, so that a double click selects all of it. */
export function mintToken(): MintedToken {
  let number = BigInt(`0x${randomBytes(RANDOM_BYTES).toString('hex')}`);
  let digits = '';
  for (let i = 0; i < DIGITS; i++) {
    digits = ALPHABET[Number(number % 62n)]! + digits;
    number /= 62n;
  }
  const value = PREFIX + digits;
  return { value: new Secret(value), hash: hashToken(value), preview: previewToken(value) };
}

/** What is kept of a token, and by which it is looked up: nothing but the whole token leads to it. */
export function hashToken(value: string): string {
  return hash('sha256', value, 'hex');
}

/** For tokens that people chose themselves (TIDEGATE_ADMIN_TOKEN) a preview would give away too much of a short one. */
export function previewToken(value: string): string {
  if (!value.startsWith(PREFIX) || value.length < PREFIX.length + DIGITS) return '';
  return value.slice(PREFIX.length, PREFIX.length + PREVIEW);
}
