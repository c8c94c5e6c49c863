import { describe, expect, it } from 'vitest';
import { DIFFERENT, SAME } from '../../../../test/support/look-alikes.ts';
import type { GateReason } from '../../../core/semantic.ts';
import { compare } from './gate.ts';

describe('what is refused', () => {
  for (const [reason, pairs] of Object.entries(DIFFERENT) as [
    GateReason,
    readonly (readonly [string, string])[],
  ][])
    describe(reason, () => {
      it.each(pairs)('%s / %s', (asked, stored) => {
        expect(compare(asked, stored)?.reason).toBe(reason);
        expect(compare(stored, asked)?.reason).toBe(reason);
      });
    });
});

describe('what passes', () => {
  for (const [kind, pairs] of Object.entries(SAME))
    describe(kind, () => {
      it.each(pairs)('%s / %s', (asked, stored) => {
        expect(compare(asked, stored)).toBeNull();
        expect(compare(stored, asked)).toBeNull();
      });
    });
});
