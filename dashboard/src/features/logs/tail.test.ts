import { describe, expect, it } from 'vitest';
import type { LogRow } from '../../api/logs.ts';
import { EMPTY_TAIL, mergeRows, receive, showWaiting } from './tail.ts';

/** Ids are their times as well. */
const logs = (...ids: string[]) => ids.map((id) => ({ id, created_at: id }) as LogRow);
const ids = (rows: readonly LogRow[]) => rows.map(({ id }) => id).join('');

describe('the live tail', () => {
  it('puts the newest on top while the reader is there', () => {
    const tail = receive(receive(EMPTY_TAIL, logs('a', 'b'), false), logs('c'), false);
    expect([ids(tail.shown), ids(tail.waiting)]).toEqual(['cba', '']);
  });

  it('lets them wait while the reader is elsewhere, and shows them when asked', () => {
    const tail = receive(receive(EMPTY_TAIL, logs('a'), false), logs('b', 'c'), true);
    expect([ids(tail.shown), ids(tail.waiting)]).toEqual(['a', 'cb']);
    expect(ids(showWaiting(tail).shown)).toBe('cba');
    expect(showWaiting(tail).waiting).toEqual([]);
  });

  it('takes a record once, whatever way and how often it comes', () => {
    const tail = receive(receive(EMPTY_TAIL, logs('a', 'a', 'b'), true), logs('b', 'c'), false);
    expect(ids(tail.shown)).toBe('cba');
    expect(ids(mergeRows(tail, [logs('b', 'a', '9'), logs('9', '8')]))).toBe('cba98');
    expect(receive(tail, logs('a'), false)).toBe(tail);
  });

  it('shows a record that took long where its time is', () => {
    const tail = receive(EMPTY_TAIL, logs('e', 'b'), false);
    expect(ids(mergeRows(tail, [logs('d', 'c', 'a')]))).toBe('edcba');
  });

  it('leaves the order of the pages alone while nothing is live', () => {
    expect(ids(mergeRows(EMPTY_TAIL, [logs('a', 'c'), logs('b')]))).toBe('acb');
  });

  it('does not grow without end, and says what it let go', () => {
    const many = logs(...Array.from({ length: 1500 }, (_, index) => `n${index}`));
    const tail = receive(EMPTY_TAIL, many, true);
    expect([tail.waiting.length, tail.skipped, tail.waiting[0]?.id]).toEqual([1000, 500, 'n1499']);
  });
});
