// How many of the fitting reports a description means, of which age and state.
import { describe, expect, it } from '@jest/globals';
import { selectionOf } from './selection.ts';

const referenceMs = Date.parse('2026-03-31T12:00:00.000Z');
const read = (text: string) => selectionOf(text, referenceMs);

describe('the number', () => {
  it.each([
    ['the pothole on Main Street', 1],
    ['a leak', 1],
    ['mattress', 1],
    ['the trash on Oak Ave', 1],
    ['the bus stop at Pine Streets', 1],
    ['the two potholes on Main Street', 2],
    ['both potholes', 2],
    ['the 3 oldest leaks', 3],
    ['the leak of the last 3 days', 1],
  ])('of %s is %d', (text, count) => {
    expect(read(text).count).toBe(count);
  });

  it.each([
    'all potholes',
    'the potholes on Main Street',
    'every report',
    'leaks older than 2 weeks',
    'everything in Roxbury',
  ])('of %s is any', (text) => {
    expect(read(text).count).toBeUndefined();
  });
});

describe('the age', () => {
  it.each([
    ['potholes older than a week', { before: '2026-03-24T12:00:00.000Z' }],
    ['potholes more than 3 days old', { before: '2026-03-28T12:00:00.000Z' }],
    ['potholes reported over two hours ago', { before: '2026-03-31T10:00:00.000Z' }],
    ['potholes newer than 2 days', { since: '2026-03-29T12:00:00.000Z' }],
  ])('is read from: %s', (text, expected) => {
    expect(read(text)).toMatchObject(expected);
    expect(read(text).plain).not.toMatch(/old|new|ago|day|week|hour/);
  });
});

it('knows order, missing assignees and passed due dates', () => {
  expect(read('the newest pothole')).toMatchObject({ order: 'newest', count: 1 });
  expect(read('the two oldest unassigned potholes')).toMatchObject({
    order: 'oldest',
    count: 2,
    unassigned: true,
  });
  expect(read('all overdue potholes')).toMatchObject({ overdue: true, unassigned: false });
});
