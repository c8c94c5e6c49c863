import { connect, type Socket } from 'node:net';

export interface RawAnswer {
  /** Everything that came, as latin1. */
  readonly text: string;
  /** Status of the first answer; 0 when none came. */
  readonly status: number;
  /** How many answers came. */
  readonly answers: number;
  /** True when the gateway closed the connection. */
  readonly closed: boolean;
}

/** Writes bytes as they are and collects what comes back, until the gateway closes or has been silent for `quietMs`. */
export function sendRaw(
  port: number,
  bytes: string | Buffer | readonly (string | Buffer)[],
  quietMs = 400,
): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1');
    let closed = false;
    let timer = setTimeout(() => socket.destroy(), quietMs);
    socket.setNoDelay(true);
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      clearTimeout(timer);
      timer = setTimeout(() => socket.destroy(), quietMs);
    });
    socket.on('end', () => {
      closed = true;
      socket.end();
    });
    socket.on('error', () => {
      closed = true;
    });
    socket.on('close', () => {
      clearTimeout(timer);
      const text = Buffer.concat(chunks).toString('latin1');
      resolve({
        text,
        status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0),
        answers: text.match(/HTTP\/1\.1 (?!100)\d{3} /g)?.length ?? 0,
        closed,
      });
    });
    for (const part of typeof bytes === 'string' || Buffer.isBuffer(bytes) ? [bytes] : bytes)
      socket.write(typeof part === 'string' ? Buffer.from(part, 'latin1') : part);
  });
}

/** A connection that stays open until it is destroyed. Its errors are expected. */
export function openSocket(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.off('error', reject);
      socket.on('error', () => {});
      resolve(socket);
    });
    socket.once('error', reject);
  });
}
