import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface CanaryListener {
  readonly port: number;
  /** Connections that were ever made to it. */
  readonly connections: number;
  /** Request lines and header fields of what was asked of it. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/** A server that nothing may reach: it counts who does. */
export async function listenAsCanary(
  host: string,
  port = 0,
  answer: { readonly status: number; readonly headers: Record<string, string>; readonly body: string } = {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: '{"canary":true}',
  },
): Promise<CanaryListener> {
  let connections = 0;
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url} ${request.rawHeaders.join(' ')}`);
    request.resume();
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  server.on('connection', () => {
    connections++;
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
