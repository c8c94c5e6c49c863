import { type Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';

export interface GatewayCall {
  readonly url: string;
  readonly method?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** Leave after so many bytes of the answer, as a user who closes the window does. */
  readonly leaveAfterBytes?: number;
}

export interface GatewayReply {
  /** null when no status line came. */
  readonly status: number | null;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** How the call came to its end: whole; broken off by the other side; left by us; never connected. */
  readonly ending: 'whole' | 'broken' | 'left' | 'unreachable';
}

/** One call through the gateway. Whatever goes wrong is an answer, for that is what the demo shows. */
export function callGateway(agent: Agent, signal: AbortSignal, call: GatewayCall): Promise<GatewayReply> {
  return new Promise((resolve) => {
    const body = Buffer.from(JSON.stringify(call.body));
    const headers = {
      'content-type': 'application/json',
      'content-length': String(body.length),
      ...call.headers,
    };
    let status: number | null = null;
    let replyHeaders: IncomingHttpHeaders = {};
    const chunks: Buffer[] = [];
    const end = (ending: GatewayReply['ending']): void => {
      resolve({ status, headers: replyHeaders, text: Buffer.concat(chunks).toString('utf8'), ending });
    };
    const request = httpRequest(
      call.url,
      { method: call.method ?? 'POST', headers, agent, signal },
      (reply) => {
        status = reply.statusCode ?? null;
        replyHeaders = reply.headers;
        let bytes = 0;
        reply.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          bytes += chunk.length;
          if (call.leaveAfterBytes !== undefined && bytes >= call.leaveAfterBytes) {
            end('left');
            request.destroy();
          }
        });
        reply.on('end', () => end('whole'));
        reply.on('error', () => end(signal.aborted ? 'left' : 'broken'));
      },
    );
    request.on('error', () =>
      end(signal.aborted ? 'left' : request.reusedSocket || status ? 'broken' : 'unreachable'),
    );
    request.end(body);
  });
}
