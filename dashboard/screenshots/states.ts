import { furnish, GATEWAY, type Office } from '../../test/browser/busy-office.ts';
import { ask, openGateway } from '../../test/browser/gateway-visitor.ts';
import { addressOf, PAGE_PATHS } from '../../test/browser/page-addresses.ts';
import { ADMIN_TOKEN, gatewayBody, type TestGateway } from '../../test/support/gateway.ts';

/** One thing to look at: a name for its picture, and where it is. */
export interface Sight {
  readonly name: string;
  readonly address: string;
}

export interface State {
  readonly name: string;
  /** Makes the state, and says what there is to see. The states come one after the other, in the same gateway. */
  prepare(test: TestGateway): Promise<readonly Sight[]>;
}

const NOBODY: Office = { log: 'none', session: 'none', evaluation: 'none' };

const sightsOf = (office: Office, isShown = (_path: string): boolean => true): Sight[] =>
  PAGE_PATHS.filter(isShown).map((path) => ({
    name: path === '/' ? 'home' : path.slice(1).replaceAll(/[/$]+/g, '-'),
    address: addressOf(path, office),
  }));

const record = (gateway: string, id: string, tab?: string): Sight => ({
  name: tab === undefined ? 'record' : `record-${tab}`,
  address: `/g/${gateway}/logs/${id}${tab === undefined ? '' : `?tab=${tab}`}`,
});

async function stored(test: TestGateway, gateway: string, response: Response): Promise<string> {
  return String((await test.record(response, gateway)).id);
}

export const STATES: readonly State[] = [
  {
    name: 'nothing',
    async prepare(test) {
      await test.manage('POST', '/gateways', gatewayBody({ id: 'first' }));
      const isList = (path: string): boolean => !/\$(?:log|session|id)$/.test(path);
      return sightsOf(NOBODY, isList).map(({ name, address }) => ({
        name,
        address: address.replace(`/g/${GATEWAY}/`, '/g/first/'),
      }));
    },
  },
  {
    name: 'one-record',
    async prepare(test) {
      const headers = { authorization: 'Bearer key-of-the-client' };
      const text = 'Which way does the tide run?';
      const id = await stored(test, 'first', await ask(test, 'first', { text, headers }));
      return [
        { name: 'home', address: '/' },
        { name: 'overview', address: '/g/first/overview' },
        { name: 'logs', address: '/g/first/logs' },
        record('first', id),
        record('first', id, 'timeline'),
      ];
    },
  },
  {
    name: 'demo',
    async prepare(test) {
      const office = await furnish(test, 160);
      return [
        ...sightsOf(office),
        { name: 'logs-with-record', address: `/g/${GATEWAY}/logs?record=${office.log}` },
        ...['raw', 'timeline', 'decisions', 'metadata'].map((tab) => record(GATEWAY, office.log, tab)),
        { name: 'overview-by-provider', address: `/g/${GATEWAY}/overview?by=provider` },
        { name: 'limited', address: '/g/demo-limited/limits' },
        ...['similar', 'hits', 'pairs', 'kept'].map((tab) => ({
          name: `cache-${tab}`,
          address: `/g/${GATEWAY}/cache?tab=${tab}`,
        })),
      ];
    },
  },
  {
    name: 'errors',
    async prepare(test) {
      await openGateway(test, 'errors', gatewayBody());
      const faults = ['status=500', 'status=529', 'status=429', 'status=401', 'okError', 'cut=true'];
      let id = '';
      for (let index = 0; index < 48; index++) {
        const headers = { 'x-scripted-fault': faults[index % faults.length]!, 'cf-aig-max-attempts': '2' };
        id = await stored(test, 'errors', await ask(test, 'errors', { text: `Job ${index}`, headers }));
      }
      return [
        { name: 'home', address: '/' },
        { name: 'overview', address: '/g/errors/overview?from=-1h' },
        { name: 'logs', address: '/g/errors/logs?from=-1h' },
        record('errors', id),
        record('errors', id, 'timeline'),
      ];
    },
  },
  {
    name: 'long-session',
    async prepare(test) {
      await openGateway(test, 'long', gatewayBody());
      const headers = { 'x-claude-code-session-id': 'three-weeks' };
      const messages: object[] = [];
      let id = '';
      for (let turn = 0; turn < 450; turn++) {
        messages.push({
          role: 'user',
          content: `Step ${turn + 1}: look at the next file and say what it does.`,
        });
        if (turn % 25 === 24 || turn === 449)
          id = await stored(test, 'long', await ask(test, 'long', { messages, headers, text: '' }));
        messages.push({
          role: 'assistant',
          content: `File ${turn + 1} reads the depth of the water. `.repeat(4),
        });
      }
      return [
        { name: 'sessions', address: '/g/long/sessions' },
        { name: 'session', address: '/g/long/sessions/three-weeks' },
        record('long', id),
      ];
    },
  },
  {
    name: 'two-megabytes',
    async prepare(test) {
      await openGateway(test, 'large', gatewayBody());
      const text = 'The water rose by the hour and nobody wrote it down. '.repeat(40_000);
      const id = await stored(test, 'large', await ask(test, 'large', { text }));
      return [{ name: 'logs', address: '/g/large/logs' }, record('large', id), record('large', id, 'raw')];
    },
  },
  {
    name: 'right-to-left',
    async prepare(test) {
      await openGateway(test, 'world', gatewayBody());
      const headers = { 'x-claude-code-session-id': 'world' };
      let id = '';
      for (const text of [
        'ما هو ارتفاع المد في الميناء اليوم؟ 🌊🌙',
        'מה גובה הגאות בנמל היום? תשובה קצרה, בבקשה (mid-tide).',
        '今日の満潮は何時ですか？ 港の地図も見せてください。🗾⚓️',
        '👩‍👩‍👧‍👦 🏴󠁧󠁢󠁳󠁣󠁴󠁿 👍🏽 ✨ how do these look — مرحبا — in one line?',
      ])
        id = await stored(test, 'world', await ask(test, 'world', { text, headers }));
      return [
        { name: 'logs', address: '/g/world/logs' },
        { name: 'sessions', address: '/g/world/sessions' },
        { name: 'session', address: '/g/world/sessions/world' },
        record('world', id),
      ];
    },
  },
];

export const TOKEN = ADMIN_TOKEN;
