import { GatewayError } from '../core/errors.ts';
import type { Exchange, Step } from '../core/exchange.ts';
import type { Handler } from '../core/stage.ts';

/**
 * Runs the steps of an exchange in order until one answers well. A step fails on an error of ours that another
 * provider could avoid, on a status from 400 up, and on an error event before its first content. The last step's
 * reply is the reply, whatever it is.
 */
export function trySteps(runStep: Handler<Step>): Handler<Exchange> {
  return async (exchange) => {
    const last = exchange.steps.length - 1;
    for (const step of exchange.steps) {
      exchange.step = step;
      step.failed = false;
      // What was so of a step that failed is not true of this one.
      exchange.cacheStatus = null;
      exchange.cacheReason = null;
      exchange.hit = null;
      exchange.usedStoredKey = false;
      exchange.firstByteTick = null;
      try {
        const reply = await runStep(step);
        if (!step.failed || step.index === last) return reply;
        exchange.decide('route', `step ${step.index} failed`, 'fallback', `status ${reply.status}`);
        exchange.answer = null;
        reply.cancel();
      } catch (error) {
        const mayFallBack = error instanceof GatewayError && FALLS_BACK.has(error.kind) && !exchange.left;
        if (!mayFallBack || step.index === last) throw error;
        exchange.decide('route', `step ${step.index} failed`, 'fallback', error.message);
      }
    }
    throw new GatewayError('bad-format', 'No step to run: the body is an empty array');
  };
}

const FALLS_BACK: ReadonlySet<string> = new Set([
  'upstream-failed',
  'upstream-timeout',
  'egress-refused',
  'invalid-provider',
  'no-provider-key',
  'unknown-key-alias',
  'secret-unavailable',
]);
