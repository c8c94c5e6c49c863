import { expect, test } from 'vitest';
import { FailedLogins } from './failed-logins.ts';

const fail = (logins: FailedLogins, address: string, times: number, nowMs: number): void => {
  for (let i = 0; i < times; i++) logins.failed(address, nowMs);
};

test('pauses begin after ten failures, double, and end at a minute', () => {
  const logins = new FailedLogins();
  fail(logins, '192.0.2.1', 9, 0);
  expect(logins.pauseMs('192.0.2.1', 'h', 0)).toBe(0);
  const pauses: number[] = [];
  for (let i = 0; i < 9; i++) {
    fail(logins, '192.0.2.1', 1, 0);
    pauses.push(logins.pauseMs('192.0.2.1', 'h', 0));
  }
  expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  expect(logins.pauseMs('192.0.2.1', 'h', 60_000)).toBe(0);
  expect(logins.pauseMs('192.0.2.2', 'h', 0)).toBe(0);
});

test('after a quiet quarter of an hour an address begins anew', () => {
  const logins = new FailedLogins();
  fail(logins, '192.0.2.1', 50, 0);
  fail(logins, '192.0.2.1', 1, 15 * 60_000 + 1);
  expect(logins.pauseMs('192.0.2.1', 'h', 15 * 60_000 + 1)).toBe(0);
});

test('a token that was right from this address passes while it is blocked', () => {
  const logins = new FailedLogins();
  logins.succeeded('192.0.2.1', 'right', 0);
  fail(logins, '192.0.2.1', 50, 0);
  expect(logins.pauseMs('192.0.2.1', 'right', 0)).toBe(0);
  expect(logins.pauseMs('192.0.2.1', 'other', 0)).toBe(60_000);
  expect(logins.pauseMs('192.0.2.1', 'right', 0)).toBe(0);
});

test('addresses of one IPv6 network are one guesser, an IPv4 address in IPv6 form is itself', () => {
  const logins = new FailedLogins();
  fail(logins, '2001:db8:1:2::5', 50, 0);
  expect(logins.pauseMs('2001:db8:1:2:ffff::1', 'h', 0)).toBe(60_000);
  expect(logins.pauseMs('2001:db8:1:3::5', 'h', 0)).toBe(0);
  fail(logins, '::ffff:192.0.2.1', 50, 0);
  expect(logins.pauseMs('192.0.2.1', 'h', 0)).toBe(60_000);
  expect(logins.pauseMs('192.0.2.2', 'h', 0)).toBe(0);
  expect(logins.pauseMs('::1', 'h', 0)).toBe(0);
});

test('a flood of addresses does not grow the memory', () => {
  const logins = new FailedLogins();
  for (let i = 0; i < 25_000; i++) logins.failed(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`, 0);
  expect(logins.size).toBe(10_000);
});
