import { expect, it } from 'vitest';
import { EgressGuard } from './egress.ts';

const closed = new EgressGuard([]);

it.each([
  '127.0.0.1',
  '127.8.9.10',
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '192.0.0.8',
  '198.18.0.1',
  '203.0.113.7',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  'fd00::1',
  'fc00::1',
  'fe80::1',
  'fec0::1',
  'ff02::1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::FFFF:A9FE:A9FE',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  '2001:db8::1',
])('refuses %s', (address) => {
  expect(closed.permits(address)).toBe(false);
});

it.each(['1.1.1.1', '8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '::ffff:8.8.8.8'])(
  'permits %s',
  (address) => {
    expect(closed.permits(address)).toBe(true);
  },
);

it('permits what the operator lists, and no neighbour of it', () => {
  const guard = new EgressGuard(['10.1.0.0/16', '::1/128', '127.0.0.1']);
  expect(guard.permits('10.1.2.3')).toBe(true);
  expect(guard.permits('10.2.0.1')).toBe(false);
  expect(guard.permits('::1')).toBe(true);
  expect(guard.permits('127.0.0.1')).toBe(true);
  expect(guard.permits('127.0.0.2')).toBe(false);
  expect(guard.permits('::ffff:10.1.0.1')).toBe(true);
});

it('refuses a literal before it is dialled and a name when it resolves', async () => {
  expect(() => closed.checkHost('[::1]')).toThrow(/private or reserved/);
  expect(() => closed.checkHost('api.example.com')).not.toThrow();
  const error = await new Promise((resolve) =>
    closed.lookup('localhost', { all: true }, (failure) => resolve(failure)),
  );
  expect(error).toMatchObject({ kind: 'egress-refused' });
});
