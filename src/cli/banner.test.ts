import { expect, test } from 'vitest';
import { Secret } from '../core/secret.ts';
import { type BannerFacts, bannerLines } from './banner.ts';

const facts: BannerFacts = {
  version: '1.2.3',
  baseUrl: 'http://127.0.0.1:8787',
  account: 'local',
  dataFolder: '/srv/data',
  hasManagement: true,
  adminToken: null,
  gatewayToken: null,
  startedInMs: 312.4,
  notes: [],
};
const banner = (changes: Partial<BannerFacts> = {}): string =>
  bannerLines({ ...facts, ...changes }, (_style, text) => text).join('\n');

test('the first start shows both tokens once, and settings that can be pasted as they stand', () => {
  const text = banner({ adminToken: new Secret('test-admin'), gatewayToken: new Secret('test-run') });
  expect(text.split('test-admin')).toHaveLength(2);
  expect(text).toContain('export TIDEGATE_TOKEN=test-run\n');
  for (const line of [
    'http://127.0.0.1:8787/v1/local/default/{provider}',
    'Dashboard     http://127.0.0.1:8787/  sign in',
    'export OPENAI_BASE_URL=http://127.0.0.1:8787/v1/local/default/openai',
    'export OPENAI_CUSTOM_HEADERS="cf-aig-authorization: Bearer $TIDEGATE_TOKEN"',
    'export ANTHROPIC_BASE_URL=http://127.0.0.1:8787/v1/local/default/anthropic',
    'export ANTHROPIC_CUSTOM_HEADERS="cf-aig-authorization: Bearer $TIDEGATE_TOKEN"',
    '"baseUrl":"http://127.0.0.1:8787/v1/local/default/anthropic"',
    '--cloudflare-ai-gateway-account-id local --cloudflare-ai-gateway-gateway-id default',
  ]) {
    expect(text).toContain(line);
  }
});

test('a later start shows no token, and says how to get one', () => {
  const text = banner();
  expect(text).not.toContain('Shown this once');
  expect(text).toContain('export TIDEGATE_TOKEN=<token>');
  expect(text).toContain('tidegate token create');
});

test('a gateway without management names no page of it, and notes are shown', () => {
  const text = banner({ hasManagement: false, notes: ['listens on 0.0.0.0'] });
  expect(text).not.toContain('/client/v4');
  expect(text).not.toContain('Dashboard');
  expect(text).toContain('listens on 0.0.0.0');
});

test('it fits on a screen of 40 lines', () => {
  const lines = bannerLines(
    { ...facts, adminToken: new Secret('a'), gatewayToken: new Secret('b') },
    (_style, text) => text,
  );
  expect(lines.length).toBeLessThanOrEqual(40);
});
