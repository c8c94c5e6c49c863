import { type Answer, jsonAnswer, ProviderFailure, type StreamAnswer } from './answer.ts';
import { isSignedWith } from './aws-signature.ts';
import { converse, converseFrames } from './bedrock-converse.ts';
import { invoke, invokeAnswer, invokeFrames } from './bedrock-invoke.ts';
import { encodeException } from './event-stream.ts';
import {
  bareModel,
  bearer,
  type Family,
  isKnownModel,
  jsonBody,
  type ProviderRequest,
} from './provider-request.ts';

const USUAL: Readonly<Record<number, readonly [type: string, message: string]>> = {
  400: ['ValidationException', 'The request is not valid.'],
  401: ['UnrecognizedClientException', 'The security token included in the request is invalid.'],
  403: ['AccessDeniedException', "You don't have access to the model with the specified model ID."],
  404: [
    'ResourceNotFoundException',
    'Could not resolve the foundation model from the provided model identifier.',
  ],
  408: ['ModelTimeoutException', 'The model timed out.'],
  413: ['ValidationException', 'Input is too long for requested model.'],
  424: ['ModelErrorException', 'The model returned an error.'],
  429: ['ThrottlingException', 'Too many requests, please wait before trying again.'],
  500: [
    'InternalServerException',
    'The system encountered an unexpected error during processing. Try your request again.',
  ],
  503: ['ServiceUnavailableException', 'Bedrock is unable to process your request.'],
};

function usual(status: number): readonly [string, string] {
  return USUAL[status] ?? (status >= 500 ? USUAL[503]! : USUAL[400]!);
}

function failure(status: number): ProviderFailure {
  return new ProviderFailure(status, usual(status)[1]);
}

const PATH =
  /^(?:\/bedrock-runtime\/[^/]+)?\/model\/([^/]+)\/(converse|converse-stream|invoke|invoke-with-response-stream)$/;

export const bedrock: Family = {
  id: 'bedrock',

  authorize(request) {
    const written = request.headers.authorization ?? '';
    if (written === '') {
      const code = 'MissingAuthenticationTokenException';
      throw new ProviderFailure(403, 'Missing Authentication Token', { code });
    }
    const key = bearer(request.headers);
    if (key !== null) {
      if (!request.acceptsKey(key)) throw new ProviderFailure(403, usual(401)[1], { code: usual(401)[0] });
    } else if (request.awsSecretKey !== null && !isSignedWith(request.awsSecretKey, request)) {
      throw new ProviderFailure(
        403,
        'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
        { code: 'InvalidSignatureException' },
      );
    }
  },

  answer(request): Answer {
    const match = PATH.exec(request.path);
    if (!match || request.method !== 'POST') {
      throw new ProviderFailure(404, '<UnknownOperationException/>', { code: 'UnknownOperationException' });
    }
    const model = bareModel(decodeURIComponent(match[1]!));
    if (!isKnownModel(request, model)) {
      throw new ProviderFailure(400, 'The provided model identifier is invalid.');
    }
    const body = jsonBody(request, 'Malformed input request, please reformat your input and try again.');
    const given = headers(request);
    if (match[2]!.startsWith('converse')) {
      const conversation = converse(request, body, model);
      if (match[2] === 'converse-stream') return stream(converseFrames(request, conversation), given);
      const { content, stopReason, usage, plan } = conversation;
      const output = { message: { content, role: 'assistant' } };
      const metrics = { latencyMs: 20 * plan.outputTokens };
      return jsonAnswer({ metrics, output, stopReason, usage }, given, 200, plan.outputTokens);
    }
    const invocation = invoke(request, body, model);
    if (match[2] === 'invoke') return invokeAnswer(invocation, given);
    if (invocation.events.length === 0) {
      throw new ProviderFailure(400, 'The model is unsupported for streaming');
    }
    return stream(invokeFrames(request, invocation), {
      ...given,
      'x-amzn-bedrock-content-type': 'application/json',
    });
  },

  fail(request, raised) {
    const type = raised.code ?? usual(raised.status)[0];
    const given = headers(request);
    given['x-amzn-errortype'] = `${type}:http://internal.amazon.com/coral/com.amazon.bedrock/`;
    if (raised.retryAfter !== null) given['retry-after'] = raised.retryAfter;
    return jsonAnswer({ message: raised.message }, given, raised.status);
  },

  failFrame(_request, raised) {
    const [type] = usual(raised.status);
    return encodeException(type.charAt(0).toLowerCase() + type.slice(1), raised.message);
  },

  failure,
};

function headers(request: ProviderRequest): Record<string, string> {
  return { 'x-amzn-requestid': request.idDice.uuid() };
}

function stream(frames: StreamAnswer['frames'], given: Readonly<Record<string, string>>): StreamAnswer {
  const contentType = { 'content-type': 'application/vnd.amazon.eventstream' };
  return { kind: 'stream', status: 200, headers: { ...given, ...contentType }, frames };
}
