// Times of reports against the moment of reporting, and urgency by words.

import { describe, expect, it } from '@jest/globals';
import { timeOf } from './temporal-skill.ts';

// A Friday, 10:00 in New York.
const reference = '2024-11-22T15:00:00.000Z';
const read = (text: string, timeZone = 'America/New_York') =>
  timeOf({ text, referenceMs: Date.parse(reference), timeZone });

describe('the time', () => {
  it.each([
    ['It happened today', '2024-11-22', 'today'],
    ['I saw it yesterday', '2024-11-21', 'yesterday'],
    ['They come tomorrow', '2024-11-23', 'tomorrow'],
    ['Repaved last week', '2024-11-15', 'last week'],
    ['They start next week', '2024-11-29', 'next week'],
    ['Reported last month', '2024-10-23', 'last month'],
    ['Broken since last year', '2023-11-23', 'last year'],
    ['A fall 45 mins ago', '2024-11-22', '45 mins ago'],
    ['Been there since Monday', '2024-11-18', 'Monday'],
    ['Out on Wednesday', '2024-11-20', 'on Wednesday'],
    ['On 7/31 I was hit', '2024-07-31', '7/31'],
    ['Not picked up for three weeks', '2024-11-01', 'for three weeks'],
    ['The third night in a row', '2024-11-20', 'third night in a row'],
    ['We lived with this in 2012', '2012-01-01', '2012'],
  ])('of "%s" is %s', (text, day, words) => {
    const { output, spans } = read(text);
    expect(String(output.timestamp).slice(0, 10)).toBe(day);
    expect(output.time_reference).toBe(words);
    const [span] = spans.time_reference ?? [];
    expect(text.slice(span?.start, span?.end)).toBe(words);
  });

  it('counts last month as 30 and last year as 365 days to the millisecond', () => {
    const days = (text: string) =>
      (Date.parse(reference) - Date.parse(String(read(text).output.timestamp))) / 86_400_000;
    expect([days('last month'), days('last year'), days('last week')]).toEqual([30, 365, 7]);
  });

  it.each([
    'There are 5/6 lanes of traffic',
    'They do this every Tuesday',
    'The sun is blinding',
    'Cars go 20 miles per hour',
    'No parking 2am to 7am',
    'It is loud at night',
    'People now park here',
    'Street light out',
  ])('is the reported time for "%s", without a span and with less confidence', (text) => {
    const { output, spans, confidence, reasoning } = read(text);
    expect(output).toMatchObject({ timestamp: reference, time_reference: 'reported time' });
    expect(spans).not.toHaveProperty('timestamp');
    expect(confidence).toBeLessThan(read('It happened yesterday').confidence);
    expect(reasoning).toContain('names no time');
  });

  it('reads the wall clock of the tenant, also across a change of summer time', () => {
    expect(read('Seen on October 1 at 9:30 am').output.timestamp).toBe('2024-10-01T13:30:00.000Z');
    expect(read('Seen on October 1 at 9:30 am', 'Asia/Kolkata').output.timestamp).toBe(
      '2024-10-01T04:00:00.000Z',
    );
  });

  it('takes a date without a year as past', () => {
    expect(String(read('Taken in December').output.timestamp).slice(0, 4)).toBe('2023');
  });
});

describe('the urgency', () => {
  it.each([
    ['Strong smell of gas in the basement', 'immediate'],
    ['The wires are down and sparking', 'immediate'],
    ['A man is bleeding on the corner', 'immediate'],
    ['Needles in the park, please hurry', 'urgent'],
    ['Very dangerous crossing for kids', 'urgent'],
    ['Fire hydrant is leaking', 'urgent'],
    ['Trash overflowing', 'moderate'],
    ['It would be nice to have a bench here', 'low'],
    ['Is there street cleaning this week?', 'low'],
  ])('of "%s" is %s', (text, urgency) => expect(read(text).output.urgency).toBe(urgency));

  it('does not take a denied danger for one', () => {
    expect(read('This is not dangerous at all').output.urgency).toBe('moderate');
  });

  it('points at the words that decided', () => {
    const text = 'Wheelchairs cannot pass, very dangerous';
    const words = read(text).spans.urgency?.map(({ start, end }) => text.slice(start, end));
    expect(words).toContain('dangerous');
  });
});
