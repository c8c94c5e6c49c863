import { expect, test } from 'vitest';
import { failureOf } from './failure.ts';

const answer = (body: string, status = 400): Response =>
  new Response(body, { status, statusText: 'Bad Request' });

test('a failure says what the gateway said, with the code to search for', async () => {
  const failure = await failureOf(
    answer(
      '{"success":false,"errors":[{"code":7001,"message":"cache_ttl: must be a number"}],"result":null}',
    ),
  );
  expect(failure.message).toBe('cache_ttl: must be a number (code 7001)');
  expect(failure.status).toBe(400);
});

test('the data plane’s own shape is understood too', async () => {
  const failure = await failureOf(
    answer('{"success":false,"error":[{"code":2009,"message":"Unauthorized"}]}', 401),
  );
  expect(failure.message).toBe('Unauthorized (code 2009)');
});

test.each(['', '<html>Bad gateway</html>', '{"errors":[]}', '{"errors":[null]}', 'null'])(
  'an answer that is no envelope (%j) is told by its status',
  async (body) => {
    expect((await failureOf(answer(body))).message).toBe('The gateway answered 400 Bad Request');
  },
);
