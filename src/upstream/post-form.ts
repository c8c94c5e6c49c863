import { GatewayError } from '../core/errors.ts';
import type { Transport } from './transport.ts';

const MAX_ANSWER_BYTES = 256 * 1024;
const TIMEOUT_MS = 15_000;

/** POST of a form through the guarded transport, for token exchanges. The answer is bounded in size and time. */
export async function postForm(
  transport: Transport,
  url: string,
  form: Readonly<Record<string, string>>,
): Promise<{ status: number; body: string }> {
  const target = new URL(url);
  const body = Buffer.from(new URLSearchParams(form).toString());
  const answer = transport.send({
    method: 'POST',
    origin: target.origin,
    path: target.pathname + target.search,
    headers: ['content-type', 'application/x-www-form-urlencoded', 'accept', 'application/json'],
    body,
    firstByteTimeoutMs: TIMEOUT_MS,
  });
  const { status } = await answer.head;
  const bytes = await new Promise<Buffer>((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const timer = setTimeout(() => {
      answer.cancel();
      reject(
        new GatewayError(
          'upstream-failed',
          `Failed to get response from provider: ${target.origin} does not finish its answer`,
        ),
      );
    }, TIMEOUT_MS);
    answer.start({
      write: (chunk) => {
        length += chunk.length;
        if (length <= MAX_ANSWER_BYTES) chunks.push(chunk);
        return true;
      },
      end: () => {
        clearTimeout(timer);
        resolve(Buffer.concat(chunks));
      },
      fail: (error) => {
        clearTimeout(timer);
        reject(error);
      },
    });
  });
  return { status, body: bytes.toString('utf8') };
}
