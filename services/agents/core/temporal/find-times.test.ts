// Times of texts against a reference: what is found, which stretch it means, how it is written as TIMEX3.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { findTimeExpressions } from './find-times.ts';
import type { TimeExpression, TimeSetting } from './time-expression.ts';
import { createZone } from './zone-time.ts';

// A Wednesday, 15:20 in Chicago.
const referenceMs = Date.parse('2022-06-15T20:20:00Z');
const zone = createZone('America/Chicago');
const find = (text: string, more: Partial<TimeSetting> = {}): TimeExpression[] =>
  findTimeExpressions(text, { referenceMs, zone, ...more });
const only = (text: string, more: Partial<TimeSetting> = {}): TimeExpression | undefined => {
  const found = find(text, more);
  expect(found.map((one) => one.text)).toHaveLength(1);
  return found[0];
};
const day = (wall: string | undefined) => wall?.replace('T00:00:00', '');

describe('a time in a sentence', () => {
  it.each([
    ['We met on the 3rd of March', '2022-03-03', '2022-03-04'],
    ['It is planned for March 3, 2024', '2024-03-03', '2024-03-04'],
    ['It happened the day before yesterday', '2022-06-13', '2022-06-14'],
    ['It happened last Tuesday', '2022-06-14', '2022-06-15'],
    ['We meet next Monday', '2022-06-20', '2022-06-21'],
    ['It was on Sunday, May 1', '2022-05-01', '2022-05-02'],
    ['It opened on the first Monday of March', '2022-03-07', '2022-03-08'],
    ['It closed on the last day of April 2021', '2021-04-30', '2021-05-01'],
    ['The third week of May 2022 was wet', '2022-05-16', '2022-05-23'],
    ['The week of May 4 was wet', '2022-05-02', '2022-05-09'],
    ['Sales fell in the third quarter of 2021', '2021-07-01', '2021-10-01'],
    ['Built in the 1990s', '1990-01-01', '2000-01-01'],
    ['They came two days after Christmas 2021', '2021-12-27', '2021-12-28'],
    ['Wet since the summer of 2020', '2020-06-21', '2020-09-23'],
    ['Dry during the first two weeks of June', '2022-06-01', '2022-06-15'],
    ['I was born on fifteen August nineteen ninety three', '1993-08-15', '1993-08-16'],
    ['Noisy over the weekend', '2022-06-11', '2022-06-13'],
    ['Paid a fortnight ago', '2022-06-01', '2022-06-02'],
    ['Seen on 2022-05-09', '2022-05-09', '2022-05-10'],
  ])('%s', (text, from, to) => {
    const { named } = only(text) ?? {};
    expect([day(named?.from), day(named?.to)]).toEqual([from, to]);
  });

  it.each([
    ['Broken at 9:30 pm yesterday', '2022-06-14T21:30:00'],
    ['Broken at half past seven this morning', '2022-06-15T07:30:00'],
    ['Heard at 11 last night', '2022-06-14T23:00:00'],
    ['Seen at quarter to five in the afternoon on Monday', '2022-06-13T16:45:00'],
    ['Seen June 1 at 0815', '2022-06-01T08:15:00'],
    ['Seen 2022-05-09T14:05', '2022-05-09T14:05:00'],
    ['The signal came at 18:00 UTC', '2022-06-15T13:00:00'],
    ['It starts in 2 hours', '2022-06-15T17:20:00'],
  ])('%s', (text, from) => expect(only(text)?.named?.from).toBe(from));

  it.each([
    ['From Monday to Friday', '2022-06-13', '2022-06-18'],
    ['From Monday to next Wednesday', '2022-06-20', '2022-06-23'],
    ['The park is closed May 5-9', '2022-05-05', '2022-05-10'],
    ['Away from 13 to 15 July 2021', '2021-07-13', '2021-07-16'],
    ['Snow lay from Nov to Feb 2021', '2020-11-01', '2021-03-01'],
    ['Lost between 1999 and 2003', '1999-01-01', '2004-01-01'],
  ])('has both ends in "%s"', (text, from, to) => {
    const { named } = only(text) ?? {};
    expect([day(named?.from), day(named?.to)]).toEqual([from, to]);
  });

  it('takes the half of the day of the second clock for the first', () => {
    expect(only('Dark yesterday from 5 to 6pm')?.named).toMatchObject({
      from: '2022-06-14T17:00:00',
      last: '2022-06-14T18:00:00',
    });
  });

  it.each([
    ['Out since Monday', { from: '2022-06-13T00:00:00' }],
    ['Built before 2010', { to: '2010-01-01T00:00:00' }],
    ['Built after 2010', { from: '2011-01-01T00:00:00' }],
    ['Done by the end of next month', { to: '2022-08-01T00:00:00' }],
  ])('leaves the other side of "%s" open', (text, sides) => {
    const { from, to } = only(text) ?? {};
    expect({ ...(from && { from }), ...(to && { to }) }).toEqual(sides);
  });

  it('looks back, and ahead where the words do', () => {
    expect(day(only('It broke on Friday')?.named?.from)).toBe('2022-06-10');
    expect(day(only('It will break on Friday')?.named?.from)).toBe('2022-06-17');
    expect(day(only('It broke in December')?.named?.from)).toBe('2021-12-01');
  });

  it('takes a day of the year that is near for the coming one', () => {
    expect(day(only('The hearing on July 4')?.named?.from)).toBe('2022-07-04');
    expect(day(only('The hearing on August 4')?.named?.from)).toBe('2021-08-04');
  });

  it('gives the other reading of a day without a year', () => {
    expect(only('It broke on Friday')?.readings[0]).toMatchObject({ from: '2022-06-17T00:00:00' });
  });

  it('takes an hour that tells no half of the day for one at which people are up', () => {
    expect(only('Seen yesterday at 5')?.named?.from).toBe('2022-06-14T17:00:00');
    expect(only('Seen yesterday at 8')?.named?.from).toBe('2022-06-14T08:00:00');
  });

  it('puts an hour on the day that was named before it', () => {
    const [, hour] = find('On Monday I called. They came at 4:30 pm');
    expect(hour).toMatchObject({ dated: false, named: { from: '2022-06-13T16:30:00' } });
  });

  it('keeps the date when its weekday is a slip', () => {
    expect(day(only('Seen Thursday 20 October 2021')?.named?.from)).toBe('2021-10-20');
  });
});

describe('the TIMEX value', () => {
  it.each([
    ['for the past three weeks', 'P3W'],
    ['for weeks', 'PXW'],
    ['an hour and a half', 'PT1.5H'],
    ['two days and 3 hours', 'P2DT3H'],
    ['a 12-year low', 'P12Y'],
    ['every Tuesday at 9am', 'XXXX-WXX-2T09'],
    ['the annual fair', 'P1Y'],
    ['every other week', 'P2W'],
    ['this morning', '2022-06-15TMO'],
    ['this weekend', '2022-W24-WE'],
    ['last month', '2022-05'],
    ['next quarter', '2022-Q3'],
    ['this spring', '2022-SP'],
    ['early June', '2022-06'],
    ['from 2009 to 2011', 'P2Y'],
    ['right now', 'PRESENT_REF'],
    ['It was the lowest level in six years', 'P6Y'],
    ['feb 30', 'XXXX-02-30'],
  ])('of "%s" is %s', (text, value) => expect(only(text)?.value).toBe(value));
});

describe('no time', () => {
  it.each([
    'This may take longer than expected',
    'May I ask why?',
    'There are 5/6 lanes',
    'The sun is blinding on Summer Street',
    'Cars park on 18th St',
    'Dog barking on the second floor',
    'Between mileposts 9 and 12.5',
    'About 500 guests came in 30 cars',
    'It costs $2015',
    'Mortgages were at 6.45 percent',
    'The A330-200 can carry up to 840 people',
    'Christmas tree at the curb',
    'My dentist uses up to date equipment',
    'People trip and fall',
    'Between 2 and 4 people were hurt at 5 places',
    'A hole on June Street near Winter Hill',
    'Route 9 at 10 Main St',
  ])('is in "%s"', (text) => expect(find(text)).toEqual([]));
});

describe('the setting', () => {
  it('says whether the day or the month comes first, unless only one makes a date', () => {
    expect(day(only('Seen on 3/4', { dateOrder: 'day-first' })?.named?.from)).toBe('2022-04-03');
    expect(day(only('Seen on 3/4')?.named?.from)).toBe('2022-03-04');
    expect(day(only('Seen on 25/4')?.named?.from)).toBe('2022-04-25');
  });

  it('lets bare numbers be times in a text that is nothing else', () => {
    expect(day(only('the 25th', { lone: true, direction: 'future' })?.named?.from)).toBe('2022-06-25');
    expect(only('at 3 15', { lone: true, direction: 'future' })?.named?.from).toBe('2022-06-16T03:15:00');
    expect(find('the 25th person')).toEqual([]);
  });

  it('says whether counted weeks end now or with the last whole one', () => {
    expect(day(only('the last 2 weeks')?.named?.to)).toBe('2022-06-15');
    expect(day(only('the last 2 weeks', { rolling: false })?.named?.to)).toBe('2022-06-13');
  });
});

describe('holidays', () => {
  it.each([
    ['Thanksgiving 2021', '2021-11-25'],
    ['Easter 2018', '2018-04-01'],
    ['Good Friday 2018', '2018-03-30'],
    ['Memorial Day 2021', '2021-05-31'],
    ['Eid al-Fitr 2018', '2018-06-15'],
    ['Chinese New Year 2014', '2014-01-31'],
    ['Yom Kippur 2018', '2018-09-18'],
  ])('%s is %s', (text, from) => expect(day(only(text)?.named?.from)).toBe(from));
});

describe('any text', () => {
  it('gives spans in order that hold exactly the words, and stretches that do not end before they begin', () => {
    const words = [
      'next',
      'week',
      'from',
      '5',
      'to',
      'on',
      'Monday',
      'May',
      '3rd',
      'of',
      'in',
      '2',
      'days',
      'at',
      '9:30',
      'pm',
      'every',
      ',',
      'the',
      'last',
      '1999',
      'until',
      'x',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { maxLength: 12 }), fc.boolean(), (parts, lone) => {
        const text = `😀 ${parts.join(' ')}`;
        let end = 0;
        for (const found of find(text, { lone })) {
          expect(text.slice(found.start, found.end)).toBe(found.text);
          expect(found.start).toBeGreaterThanOrEqual(end);
          if (found.named) expect(found.named.to >= found.named.from).toBe(true);
          end = found.end;
        }
      }),
      { seed: 11, numRuns: 300 },
    );
  });

  it('of great length is read without delay', () => {
    const text = 'from monday to friday at 5 or 6 on the 3rd '.repeat(400);
    expect(find(text).length).toBeGreaterThan(100);
  });
});
