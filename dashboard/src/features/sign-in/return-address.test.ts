import { expect, test } from 'vitest';
import { returnAddress } from './return-address.ts';

test.each([
  ['/g/default/logs?from=-1h#x', '/g/default/logs?from=-1h#x'],
  ['/', '/'],
])('%j is gone back to', (wanted, address) => expect(returnAddress(wanted)).toBe(address));

test.each([
  undefined,
  '',
  'https://elsewhere.example/',
  '//elsewhere.example/',
  '/\\elsewhere.example/',
  '/\t/elsewhere.example/',
  'javascript:alert(1)',
  '/sign-in?return=/x',
])('%j leads Home instead', (wanted) => expect(returnAddress(wanted)).toBe('/'));
