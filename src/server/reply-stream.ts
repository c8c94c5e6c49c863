import { findHeader } from '../core/headers.ts';
import type { Reply } from '../core/reply.ts';
import { atTurnEnd } from '../core/turn-end.ts';

export interface StreamReader {
  /** Nobody reads any more. */
  leave(): void;
  onLeave(listener: () => void): void;
  /** Breaks the connection to the reader, who then cancels the stream; null where there is none to break. */
  readonly hangUp: (() => void) | null;
  /** Called once, whichever way the body ended. */
  ended(): void;
}

const AHEAD_BYTES = 64 * 1024;

/**
 * The body of a reply as a web stream, with back-pressure; a reader that takes nothing for `stallMs` is cut off. As at
 * a socket, the end (and with an announced length the last bytes) comes when the record is kept, and a body that broke
 * off never ends as if it were whole.
 */
export function streamReply(reply: Reply, stallMs: number, reader: StreamReader): ReadableStream<Uint8Array> {
  const length = findHeader(reply.headers, 'content-length');
  const announced = length !== null && /^\d+$/.test(length) ? Number(length) : null;
  let sent = 0;
  let held: Buffer | null = null;
  let over = false;
  let paused = false;
  let stall: NodeJS.Timeout | null = null;
  /** False when it was over already. */
  const finish = (): boolean => {
    if (stall) clearTimeout(stall);
    stall = null;
    if (over) return false;
    over = true;
    reader.ended();
    return true;
  };
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const breakOff = (reason: Error): void => {
          if (!finish()) return;
          if (reader.hangUp) reader.hangUp();
          else controller.error(reason);
        };
        reader.onLeave(() => {
          breakOff(new Error('the reader has left'));
          reply.cancel();
        });
        reply.pipe({
          write(chunk) {
            if (over) return false;
            sent += chunk.length;
            if (held === null && announced !== null && sent >= announced) {
              held = chunk;
              return true;
            }
            controller.enqueue(chunk);
            if ((controller.desiredSize ?? 0) > 0) return true;
            paused = true;
            stall ??= setTimeout(() => reader.leave(), stallMs);
            return false;
          },
          end: () =>
            atTurnEnd(() => {
              if (!finish()) return;
              if (held) controller.enqueue(held);
              controller.close();
            }),
          fail: (error) => atTurnEnd(() => breakOff(error)),
        });
      },
      pull() {
        if (stall) clearTimeout(stall);
        stall = null;
        if (!paused) return;
        paused = false;
        reply.resume();
      },
      cancel() {
        if (finish()) reader.leave();
      },
    },
    { highWaterMark: AHEAD_BYTES, size: (chunk) => chunk?.length ?? 0 },
  );
}
