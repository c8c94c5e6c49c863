import { createServer } from 'node:net';
import { reasonOf, StartError } from '../config/start-error.ts';

/**
 * Listens for a moment and stops again: a start that will fail for its address is to fail before the data folder is
 * touched. Throws StartError.
 */
export async function checkAddress(host: string, port: number): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(addressError(host, port, error)));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve()));
  });
}

export function addressError(host: string, port: number, error: unknown): StartError {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  const remedy =
    code === 'EADDRINUSE'
      ? 'stop that program, or choose another port with --port or TIDEGATE_PORT'
      : code === 'EACCES'
        ? 'choose a port from 1024 on with --port or TIDEGATE_PORT'
        : 'correct --host or TIDEGATE_HOST';
  return new StartError(
    'address-unavailable',
    `cannot listen on ${host} port ${port} (${reasonOf(error)}): ${remedy}`,
    { cause: error },
  );
}

/** True for an error that a listening socket gave: what was asked of it cannot be had. */
export const isListenError = (error: unknown): boolean =>
  error instanceof Error && 'syscall' in error && error.syscall === 'listen';
