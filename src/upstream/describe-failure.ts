import { GatewayError } from '../core/errors.ts';

const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the host name does not resolve',
  EAI_AGAIN: 'the name server does not answer',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was closed while the request was being sent',
  ETIMEDOUT: 'the connection timed out',
  EMFILE: 'the gateway has no free file descriptor',
  ENFILE: 'the machine has no free file descriptor',
  UND_ERR_CONNECT_TIMEOUT: 'no connection within the connect time-out',
  UND_ERR_HEADERS_TIMEOUT: 'no answer within the idle time-out',
  UND_ERR_BODY_TIMEOUT: 'the answer fell silent for longer than the idle time-out',
  UND_ERR_SOCKET: 'the connection was closed before the answer was whole',
  UND_ERR_HEADERS_OVERFLOW: 'the answer’s header fields are too large',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the answer’s length is not the one it announced',
  UND_ERR_REQ_CONTENT_LENGTH_MISMATCH: 'the request body’s length is not the one announced',
};

/** What a failed request says to its caller, by node's, undici's or the parser's code. */
export function describeFailure(cause: Error, origin: string): GatewayError {
  const code = (cause as { code?: unknown }).code;
  const reason =
    (typeof code === 'string' && REASONS[code]) ||
    (cause.name === 'HTTPParserError' ? 'the answer is not valid HTTP' : null) ||
    (typeof code === 'string' && code.startsWith('ERR_TLS') ? 'the TLS certificate does not match' : null) ||
    (cause instanceof AggregateError ? 'the connection was refused' : 'the request could not be carried out');
  return new GatewayError('upstream-failed', `Failed to get response from provider: ${reason} (${origin})`, {
    cause,
  });
}
