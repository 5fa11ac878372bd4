// Which times of a report say when it happened, and the instant that stands for each.

import { describe, expect, it } from '@jest/globals';
import { dateOrderOf } from './date-order.ts';
import { eventTimes } from './event-times.ts';
import { createZone } from './zone-time.ts';

// A Friday, 10:00 in New York.
const referenceMs = Date.parse('2024-11-22T15:00:00Z');
const zone = createZone('America/New_York');
const events = (text: string) => eventTimes(text, { referenceMs, zone });
const hour = (text: string) =>
  events(text).map(({ instantMs }) => new Date(instantMs).toISOString().slice(0, 13));

describe('an event', () => {
  it.each([
    ['Light out for weeks', '2024-11-01T15'],
    ['It has been broken for two and a half hours', '2024-11-22T12'],
    ['Has not been cleaned in 3 weeks', '2024-11-01T15'],
    ['Flooded over the past 5 days', '2024-11-17T15'],
    ['A man fell 45 mins ago', '2024-11-22T14'],
    ['Dumped over the weekend', '2024-11-16T05'],
    ['Second day in a row without heat', '2024-11-21T15'],
    ['Loud since 6am this morning', '2024-11-22T11'],
    ['Noise last night', '2024-11-22T03'],
    ['Flooded during Thanksgiving 2023', '2023-11-23T17'],
    ['A fight at 9:45 pm', '2024-11-22T02'],
    ['It happened today', '2024-11-22T15'],
  ])('is at "%s"', (text, instant) => expect(hour(text)).toEqual([instant]));

  it.each([
    'Construction every morning at 6:30am',
    'No parking Monday through Friday',
    'Icy in winter',
    'The signal is green for 3 seconds',
    'It is a 15 minute limit',
    'I have lived here for 20 years',
    'They park here for days at a time',
    'Sticker 2016 expired',
    'Will be back in 2 hours',
    'The same day they left',
    'Busy on a Friday night',
  ])('is not at "%s"', (text) => expect(events(text)).toEqual([]));

  it('that is only bounded from above is less sure', () => {
    const [bounded] = events('Placed before 7:15 am this morning');
    const [exact] = events('Placed at 7:15 am this morning');
    expect(bounded?.confidence).toBeLessThan(exact?.confidence ?? 0);
  });

  it('counts a guess as less sure and says so', () => {
    expect(events('Out for several days')[0]?.how).toContain('guess');
  });
});

describe('the order of day and month', () => {
  it.each([
    ['America/Chicago', 'month-first'],
    ['Asia/Manila', 'month-first'],
    ['UTC', 'month-first'],
    ['Asia/Kolkata', 'day-first'],
    ['Europe/London', 'day-first'],
    ['America/Bogota', 'day-first'],
  ])('of %s is %s', (name, order) => expect(dateOrderOf(name)).toBe(order));
});
