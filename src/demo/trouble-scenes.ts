import { cacheNote, type Scene, type Visitor } from './demo-visitor.ts';
import type { GatewayReply } from './gateway-call.ts';

const AGENT = 'OpenAI/Python 2.8.1';

function chat(visitor: Visitor, more: object = {}): object {
  const content = `Check the state of job ${visitor.dice.below(10_000)}.`;
  return { model: 'gpt-4o-mini', messages: [{ role: 'user', content }], ...more };
}

function ask(
  visitor: Visitor,
  fault: string,
  body: object = chat(visitor),
  headers: Record<string, string> = {},
): Promise<GatewayReply> {
  const all = { 'x-scripted-fault': fault, ...headers };
  return visitor.send('openai/chat/completions', body, {
    headers: all,
    userAgent: AGENT,
    feature: 'nightly-jobs',
  });
}

/** What goes wrong in a working day, one scene for each kind. */
export const TROUBLE_SCENES: readonly Scene[] = [
  {
    name: 'provider limits',
    weight: 1,
    async play(visitor) {
      const reply = await ask(visitor, 'status=429;retryAfter=2');
      visitor.tell(
        `the provider is limiting us: ${reply.status}, retry after ${String(reply.headers['retry-after'])} s`,
      );
    },
  },
  {
    name: 'retried',
    weight: 1,
    async play(visitor) {
      const key = visitor.dice.hex(8);
      const headers = {
        'cf-aig-max-attempts': '4',
        'cf-aig-retry-delay': '150',
        'cf-aig-backoff': 'exponential',
      };
      const reply = await ask(visitor, `status=500;times=2;key=${key}`, chat(visitor), headers);
      visitor.tell(
        `the provider failed twice with 500; with retries the client saw ${reply.status ?? 'nothing'}`,
      );
    },
  },
  {
    name: 'fallback',
    weight: 1,
    async play(visitor) {
      const content = `Draft the answer to ticket ${visitor.dice.below(10_000)}.`;
      const messages = [{ role: 'user', content }];
      const steps = [
        {
          provider: 'openai',
          endpoint: 'chat/completions',
          headers: {
            authorization: 'Bearer demo-key',
            'content-type': 'application/json',
            'x-scripted-fault': 'status=503',
          },
          query: { model: 'gpt-4o', messages },
        },
        {
          provider: 'anthropic',
          endpoint: 'v1/messages',
          headers: {
            'x-api-key': 'demo-key',
            'anthropic-version': '2023-06-01',
            'content-type': 'application/json',
          },
          query: { model: 'claude-haiku-4-5', max_tokens: 256, messages },
        },
      ];
      const reply = await visitor.send('', steps, {
        userAgent: 'ai-gateway-provider/4.0.1',
        feature: 'tickets',
      });
      const step = reply.headers['cf-aig-step'];
      visitor.tell(
        `fallback: OpenAI was down, step ${String(step ?? '?')} answered ${reply.status ?? 'nothing'}`,
      );
    },
  },
  {
    name: 'unknown model',
    weight: 1,
    async play(visitor) {
      const reply = await ask(visitor, '', chat(visitor, { model: 'gpt-9-unknown' }));
      visitor.tell(`a model that is not there: ${reply.status}`);
    },
  },
  {
    name: 'broken stream',
    weight: 1,
    async play(visitor) {
      const reply = await ask(visitor, 'cut=6', chat(visitor, { stream: true }));
      visitor.tell(`a stream broke off in the middle: ${reply.status}, ${reply.ending}`);
    },
  },
  {
    name: 'error in a stream',
    weight: 1,
    async play(visitor) {
      const headers = {
        'x-scripted-fault': 'errorEvent=3;errorStatus=529',
        'anthropic-version': '2023-06-01',
      };
      const messages = [{ role: 'user', content: `Review change ${visitor.dice.below(10_000)}.` }];
      const body = { model: 'claude-sonnet-4-6', max_tokens: 512, messages, stream: true };
      const reply = await visitor.send('anthropic/v1/messages', body, {
        headers,
        userAgent: 'Anthropic/Python 0.75.0',
        feature: 'review',
      });
      if (reply.text.includes('overloaded_error'))
        visitor.tell('an overloaded_error arrived inside a stream that began as 200');
    },
  },
  {
    name: 'too slow',
    weight: 1,
    async play(visitor) {
      const reply = await ask(visitor, 'delayMs=3000', chat(visitor), { 'cf-aig-request-timeout': '800' });
      visitor.tell(`no first byte within 800 ms: ${reply.status ?? reply.ending}`);
    },
  },
  {
    name: 'client leaves',
    weight: 1,
    async play(visitor) {
      const body = chat(visitor, { stream: true });
      const headers = { 'x-scripted-fault': 'tokens=400' };
      const options = { headers, userAgent: 'Mozilla/5.0', feature: 'web-widget', leaveAfterBytes: 3000 };
      const reply = await visitor.send('openai/chat/completions', body, options);
      if (reply.ending === 'left') visitor.tell('a user closed the window in the middle of an answer');
    },
  },
  {
    name: 'bad request',
    weight: 1,
    async play(visitor) {
      const headers = { 'anthropic-version': '2023-06-01' };
      const body = { model: 'claude-haiku-4-5', messages: [{ role: 'user', content: 'Hi' }] };
      await visitor.send('anthropic/v1/messages', body, {
        headers,
        userAgent: 'curl/8.14.1',
        feature: 'trials',
      });
    },
  },
];

const BURST_SIZE = 40;

/** Many small requests at once, as from a loop without a pause: the gateway's own rate limit stops them. */
export const BURST_SCENE: Scene = {
  name: 'burst',
  weight: 0,
  async play(visitor) {
    const replies = await Promise.all(
      Array.from({ length: BURST_SIZE }, (_, index) =>
        visitor.send(
          'openai/chat/completions',
          {
            model: 'gpt-4o-mini',
            messages: [{ role: 'user', content: `Label row ${index}` }],
            max_tokens: 8,
          },
          { userAgent: 'python-requests/2.32', feature: 'batch-labels', toLimited: true },
        ),
      ),
    );
    const limited = replies.filter((reply) => reply.status === 429);
    const wait = limited[0]?.headers['retry-after'];
    visitor.tell(
      limited.length === 0
        ? `a burst of ${BURST_SIZE} requests went through${cacheNote(replies[0]!)}`
        : `a burst of ${BURST_SIZE} requests: ${limited.length} stopped by the gateway's rate limit${wait ? `, retry after ${wait} s` : ''}`,
    );
  },
};
