import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditContent, COMMAND_LINE } from '../../src/config/audit-content.ts';
import { canonicalJson } from '../../src/core/canonical-json.ts';
import { openConfigStore, type SqliteConfigStore } from '../../src/stores/sqlite/config.ts';
import { runTidegate } from '../support/tidegate-process.ts';

let folder: string;
let store: SqliteConfigStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidegate-audit-'));
  store = openConfigStore(join(folder, 'config.db'));
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const content = (id: string, account = 'local') =>
  auditContent({
    account,
    atMs: 1_700_000_000_000,
    actor: COMMAND_LINE,
    action: 'create',
    type: 'ai_gateway.view',
    id,
  });

/** Does to the file what somebody with access to the disk could do. */
function tamper(sql: string): void {
  const database = new DatabaseSync(join(folder, 'config.db'));
  database.exec(`DROP TRIGGER audit_stays; DROP TRIGGER audit_is_kept; ${sql}`);
  database.close();
}

describe('the chain of the audit log', () => {
  beforeEach(() => {
    for (let i = 1; i <= 1203; i++) store.audit.append([content(`v${i}`)]);
    store.audit.append([content('x', 'other')]);
  });

  it('is intact as it was written, per account', async () => {
    const local = await store.audit.verify('local');
    expect(local).toMatchObject({ entries: 1203, broken: null });
    expect(await store.audit.verify('other')).toMatchObject({ entries: 1, broken: null });
    expect(await store.audit.verify('nobody')).toEqual({ entries: 0, head: null, broken: null });
    expect(store.audit.has('local', local.head!)).toBe(true);
    expect(store.audit.has('other', local.head!)).toBe(false);
  });

  it('cannot be changed or shortened by a statement', () => {
    for (const sql of [
      "UPDATE audit SET action = 'x'",
      'DELETE FROM audit WHERE sequence = 1203',
      "UPDATE audit SET document = '{}', hash = ''",
    ]) {
      expect(() => store.database.exec(sql)).toThrow(/audit entries are not/);
    }
  });

  it.each([
    ["UPDATE audit SET document = replace(document, 'v700', 'v7oo') WHERE sequence = 700", 700, 'its hash'],
    ["UPDATE audit SET action = 'delete' WHERE sequence = 3", 3, 'other words'],
    ['DELETE FROM audit WHERE sequence = 1000', 1001, 'entry 1000 is missing'],
    ['DELETE FROM audit WHERE sequence = 1', 2, 'entry 1 is missing'],
    ["DELETE FROM audit WHERE account = 'local' AND sequence > 1100", 1101, 'missing at the end'],
    ["DELETE FROM audit WHERE account = 'local'", 1, 'missing at the end'],
    [
      'UPDATE audit SET sequence = -sequence WHERE sequence IN (5, 6); UPDATE audit SET sequence = 11 + sequence WHERE sequence < 0',
      5,
      'follow',
    ],
    [
      "INSERT INTO audit SELECT 'other', 2, at, actor_id, actor_name, action, resource_type, resource_id, document, hash FROM audit WHERE account = 'local' AND sequence = 2",
      0,
      '',
    ],
  ])('shows where %s', async (sql, sequence, reason) => {
    tamper(sql);
    if (sequence === 0) {
      expect((await store.audit.verify('other')).broken).toMatchObject({ sequence: 2 });
      return;
    }
    const { broken, entries } = await store.audit.verify('local');
    expect(broken).toMatchObject({ sequence, reason: expect.stringContaining(reason) });
    expect(entries).toBeLessThan(sequence);
  });

  it('cannot be hidden from somebody who noted the head, by computing it all anew', async () => {
    const { head } = await store.audit.verify('local');
    tamper("DELETE FROM audit WHERE account = 'local'; DELETE FROM audit_head WHERE account = 'local'");
    for (let i = 1; i <= 3; i++) store.audit.append([content(`v${i}`)]);
    expect((await store.audit.verify('local')).broken).toBeNull();
    expect(store.audit.has('local', head!)).toBe(false);
  });

  it('goes on when two processes write to it', async () => {
    const other = openConfigStore(join(folder, 'config.db'));
    for (let i = 0; i < 20; i++) (i % 2 === 0 ? store : other).audit.append([content(`both ${i}`)]);
    other.close();
    expect(await store.audit.verify('local')).toMatchObject({ entries: 1223, broken: null });
  });
});

it('an entry belongs to the transaction that it is written in', () => {
  expect(() =>
    store.transaction(() => {
      store.putAccount('made');
      store.audit.append([content('v')]);
      throw new Error('after all not');
    }),
  ).toThrow('after all not');
  expect(store.snapshot().accounts.has('made')).toBe(false);
  expect(store.audit.list('local', { ...ALL, limit: 10 }).totalCount).toBe(0);
});

const ALL = {
  from: null,
  to: null,
  actor: null,
  action: null,
  resourceType: null,
  resourceId: null,
  offset: 0,
};

it('canonical JSON is the same for the same content, whatever the order of its members, and reads back the same', () => {
  const reversed = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(reversed);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([name, inner]) => [name, reversed(inner)]),
    );
  };
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value);
      expect(canonicalJson(reversed(value))).toBe(text);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
  expect(canonicalJson({ b: [1, { d: null, c: 'é' }], a: undefined, '€': 1, '\r': 2 })).toBe(
    '{"\\r":2,"b":[1,{"c":"é","d":null}],"€":1}',
  );
});

describe('the command line', () => {
  const env = () => ({
    TIDEGATE_DATA: join(folder, 'data'),
    TIDEGATE_ADMIN_TOKEN: 'test-admin-token-0123456789',
  });
  const run = (...args: string[]) => runTidegate(folder, args, env());

  it('enters its own changes, lists and verifies them, and says which entry is broken', async () => {
    const { startTestGateway } = await import('../support/gateway.ts');
    const test = await startTestGateway({ env: { TIDEGATE_DATA: join(folder, 'data') } });
    await test.close();
    const made = await run('token', 'create', '--name', 'made by hand', '--role', 'viewer');
    expect(made.code).toBe(0);
    const id = /tok_\w+/.exec((await run('token', 'list')).out)![0];
    expect((await run('token', 'revoke', id)).code).toBe(0);
    expect((await run('keys', 'rotate')).code).toBe(0);

    const list = await run('audit', 'list');
    expect(list.code).toBe(0);
    const lines = list.out.trim().split('\n').slice(-4);
    expect(lines[0]).toMatch(/create +token +operator-local +system/);
    expect(lines[1]).toMatch(/create +token +tok_\w+ +cli/);
    expect(lines[2]).toMatch(/revoke +token +tok_\w+ +cli/);
    expect(lines[3]).toMatch(/rotate +master_key +- +cli/);
    expect(list.out).not.toContain(made.out.trim());

    const verified = await run('audit', 'verify');
    expect([verified.code, verified.problem]).toEqual([0, '']);
    expect(verified.out).toMatch(/^4 entries are intact\nnewest hash [0-9a-f]{64}\n$/);
    const hash = /[0-9a-f]{64}/.exec(verified.out)![0];
    expect((await run('audit', 'verify', '--known-hash', hash)).code).toBe(0);
    expect((await run('audit', 'verify', '--known-hash', 'f'.repeat(64))).code).toBe(1);

    const database = new DatabaseSync(join(folder, 'data/config.db'));
    database.exec(
      "DROP TRIGGER audit_stays; UPDATE audit SET document = replace(document, 'made by hand', 'x') WHERE sequence = 2",
    );
    database.close();
    const broken = await run('audit', 'verify');
    expect(broken.code).toBe(1);
    expect(broken.problem).toMatch(/^entry 2 \([0-9a-f-]{36}\) is not as it was written/);
    expect((await run('audit', 'list', '--limit', '0')).code).toBe(2);
  }, 60_000);
});
