import { expect, test } from 'vitest';
import { type CurvePoint, frameOfCurve, nearestPoint, tickOf } from './curve.ts';

const point = (x: number, y: number, low = y): CurvePoint => ({
  setting: 0.9,
  x,
  y,
  low,
  high: 1,
  sample: 10,
  isNow: false,
});

test('a curve is shown from nothing to a little more than its widest point, and down to its lowest interval', () => {
  const { mostX, leastY } = frameOfCurve([point(0.31, 0.98, 0.93), point(0.1, 0.99)]);
  expect(mostX).toBeCloseTo(0.35);
  expect(leastY).toBeCloseTo(0.9);
  expect(frameOfCurve([])).toEqual({ mostX: 0.05, leastY: 0.95 });
  expect(frameOfCurve([point(1, 0, 0)])).toEqual({ mostX: 1, leastY: 0 });
});

test('the point nearest to the pointer is found', () => {
  const points = [point(0.4, 0.9), point(0.2, 0.95), point(0, 1)];
  const frame = { mostX: 0.4, leastY: 0.9 };
  expect(nearestPoint(points, frame, 0.9)).toBe(0);
  expect(nearestPoint(points, frame, 0.45)).toBe(1);
  expect(nearestPoint(points, frame, 0)).toBe(2);
  expect(nearestPoint([], frame, 0.5)).toBeNull();
});

test.each([
  [0.05, 0.01],
  [0.1, 0.02],
  [0.15, 0.05],
  [0.35, 0.05],
  [0.4, 0.1],
  [1, 0.2],
])('an axis of %s has a line every %s', (length, step) => expect(tickOf(length)).toBe(step));
