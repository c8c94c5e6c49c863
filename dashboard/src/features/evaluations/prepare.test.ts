import { expect, test } from 'vitest';
import type { Evaluation } from '../../api/evaluations.ts';
import {
  formatResult,
  NOTHING_TYPED,
  outcomeInput,
  outcomeText,
  parametersOf,
  progressOf,
  readSchema,
  resultNumber,
} from './prepare.ts';

test('results are told in their unit, and none is a dash', () => {
  expect(formatResult('usd', 0.0042)).toBe('$0.0042');
  expect(formatResult('ms', 2400)).toBe('2.4 s');
  expect(formatResult('percent', 66.6667)).toBe('66.7 %');
  expect(formatResult('score', 0.5)).toBe('0.5');
  expect(formatResult('usd', resultNumber({ result: '' }))).toBe('—');
});

test('progress is known when it is known how much there is', () => {
  const of = (state: Evaluation['state'], processed_logs: number, total_logs: number) =>
    progressOf({ state, processed_logs, total_logs } as Evaluation);
  expect(of('collecting', 0, 0)).toBeNull();
  expect(of('running', 5, 20)).toBe(0.25);
  expect(of('completed', 0, 0)).toBe(1);
});

test('types that need nothing need no parameters, and the others all of theirs', () => {
  expect(parametersOf(['cost', 'speed'], NOTHING_TYPED)).toEqual({});
  expect(parametersOf(['regex_match'], NOTHING_TYPED)).toBeNull();
  expect(parametersOf(['regex_match'], { ...NOTHING_TYPED, pattern: '^a' })).toEqual({
    regex_match: { pattern: '^a', negate: false },
  });
  expect(parametersOf(['exact_match'], { ...NOTHING_TYPED, expectedMetadata: 'answer' })).toEqual({
    exact_match: { expected_metadata: 'answer', ignore_case: false },
  });
  expect(parametersOf(['json_schema'], { ...NOTHING_TYPED, schema: '{' })).toBeNull();
  const judge = { ...NOTHING_TYPED, judgeModel: 'gpt-4o' };
  expect(parametersOf(['model_judge'], judge)?.model_judge).toMatchObject({ model: 'gpt-4o', max_cost: 1 });
  expect(parametersOf(['model_judge'], { ...judge, judgeCost: 'much' })).toBeNull();
});

test('a schema is an object or a boolean', () => {
  expect(readSchema('true')).toBe(true);
  expect(readSchema('{"type":"string"}')).toEqual({ type: 'string' });
  expect(readSchema('[]')).toBeNull();
  expect(readSchema('null')).toBeNull();
});

test('an outcome is told and asked for by the same words', () => {
  const score = {
    log_id: '1',
    evaluation_type_id: 'cost',
    score: 1,
    explanation: null,
    reason: null,
    cost: null,
  };
  expect(outcomeText({ ...score, state: 'scored', passed: null })).toBe('Judged');
  expect(outcomeText({ ...score, state: 'scored', passed: false })).toBe('Not passed');
  expect(outcomeText({ ...score, state: 'failed', passed: null })).toBe('Could not be judged');
  expect(outcomeInput('error')).toEqual({ state: 'failed' });
  expect(outcomeInput(undefined)).toEqual({});
});
