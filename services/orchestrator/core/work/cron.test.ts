// Cron schedules: what is read and refused, and firings held against a search through every minute by the definition of crontab(5).
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type CronSchedule, lastFiringMs, nextFiringMs, readCron } from './cron.ts';

const minuteMs = 60_000;

function scheduleOf(text: string): CronSchedule {
  const reading = readCron(text);
  if ('problem' in reading) throw new Error(`${text} ${reading.problem}`);
  return reading.schedule;
}

function next(text: string, after: string): string {
  return new Date(nextFiringMs(scheduleOf(text), Date.parse(after)) ?? Number.NaN).toISOString();
}

function last(text: string, until: string): string {
  return new Date(lastFiringMs(scheduleOf(text), Date.parse(until)) ?? Number.NaN).toISOString();
}

describe('reading', () => {
  it.each([
    '* * * * *',
    '*/15 0-6/2,22 1,15 * 1-5',
    '0 9 * JAN-mar mon,WED',
    '5/20 * * * *',
    '0 0 * * 5-7',
    '0 0 * * 7',
    '  0\t0 1 1 *  ',
    '0 0 29 2 *',
    '0 0 31 2,3 *',
    '0 0 30 2 1',
  ])('takes %j', (text) => {
    expect(readCron(text)).toHaveProperty('schedule');
  });

  it.each([
    ['', 'must have 5 fields'],
    ['* * * *', 'must have 5 fields'],
    ['* * * * * *', 'must have 5 fields'],
    ['@hourly', 'must have 5 fields'],
    ['60 * * * *', '"60" among its minutes'],
    ['* 24 * * *', '"24" among its hours'],
    ['* * 0 * *', '"0" among its days'],
    ['* * 32 * *', '"32" among its days'],
    ['* * * 13 *', '"13" among its months'],
    ['* * * 0 *', '"0" among its months'],
    ['* * * * 8', '"8" among its weekdays'],
    ['*/0 * * * *', '"*/0" among its minutes'],
    ['*/99 * * * *', '"*/99" among its minutes'],
    ['30-10 * * * *', '"30-10" among its minutes'],
    ['1,,2 * * * *', '"" among its minutes'],
    ['-1 * * * *', '"-1" among its minutes'],
    ['1.5 * * * *', '"1.5" among its minutes'],
    ['jan * * * *', '"jan" among its minutes'],
    ['* * L * *', '"L" among its days'],
    ['* * ? * *', '"?" among its days'],
    ['*-5 * * * *', '"*-5" among its minutes'],
    ['0 0 30 2 *', 'never fires'],
    ['0 0 31 4,6,9,11 *', 'never fires'],
    [`${'0,'.repeat(200)}0 * * * *`, 'at most 256 characters'],
  ])('refuses %j', (text, problem) => {
    expect(readCron(text)).toEqual({ problem: expect.stringContaining(problem) });
  });
});

describe('firings', () => {
  it('come after the moment, and the last one may be the moment itself', () => {
    expect(next('0 * * * *', '2026-11-23T02:00:00.000Z')).toBe('2026-11-23T03:00:00.000Z');
    expect(next('0 * * * *', '2026-11-23T01:59:59.999Z')).toBe('2026-11-23T02:00:00.000Z');
    expect(last('0 * * * *', '2026-11-23T02:00:00.000Z')).toBe('2026-11-23T02:00:00.000Z');
    expect(last('0 * * * *', '2026-11-23T01:59:59.999Z')).toBe('2026-11-23T01:00:00.000Z');
  });

  it('need a day or a weekday where both are given, and both where one begins with a star', () => {
    expect(next('0 0 13 * 5', '2026-11-23T00:00:00Z')).toBe('2026-11-27T00:00:00.000Z');
    expect(next('0 0 13 * *', '2026-11-23T00:00:00Z')).toBe('2026-12-13T00:00:00.000Z');
    expect(next('0 0 * * 5', '2026-11-28T00:00:00Z')).toBe('2026-12-04T00:00:00.000Z');
    expect(next('0 0 */31 * 5', '2026-11-23T00:00:00Z')).toBe('2027-01-01T00:00:00.000Z');
  });

  it('are found over leap years, also where a century has none', () => {
    expect(next('0 0 29 2 *', '2024-02-29T00:00:00Z')).toBe('2028-02-29T00:00:00.000Z');
    expect(next('0 0 29 2 *', '2096-02-29T00:00:00Z')).toBe('2104-02-29T00:00:00.000Z');
    expect(next('0 0 29 2 */7', '2088-02-29T00:00:00Z')).toBe('2128-02-29T00:00:00.000Z');
    expect(last('0 0 29 2 *', '2103-12-31T00:00:00Z')).toBe('2096-02-29T00:00:00.000Z');
  });

  it('are in UTC: no hour is left out or repeated where clocks are changed', () => {
    const days = ['2026-03-29', '2026-10-25', '2026-03-08', '2026-11-01'];
    for (const day of days) {
      let at = Date.parse(`${day}T00:00:00Z`) - 1;
      const found = Array.from({ length: 24 }, () => (at = nextFiringMs(scheduleOf('30 * * * *'), at) ?? 0));
      const wanted = Array.from(
        { length: 24 },
        (_, hour) => Date.parse(`${day}T00:30:00Z`) + hour * 3_600_000,
      );
      expect(found).toEqual(wanted);
    }
  });

  it('count both numbers of Sunday as one day', () => {
    const sunday = '2026-11-29T00:00:00.000Z';
    for (const field of ['0', '7', 'sun', '7/2'])
      expect(next(`0 0 * * ${field}`, '2026-11-23T00:00:00Z')).toBe(sunday);
  });
});

const field = (min: number, max: number): fc.Arbitrary<string> => {
  const value = fc.integer({ min, max });
  const range = fc.tuple(value, value).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
  const stepped = fc
    .tuple(fc.oneof(fc.constant('*'), range), fc.integer({ min: 1, max }))
    .map((p) => p.join('/'));
  const item = fc.oneof(value.map(String), range, stepped);
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant('*') },
    { weight: 3, arbitrary: fc.array(item, { minLength: 1, maxLength: 3 }).map((items) => items.join(',')) },
  );
};

const anyCron = fc
  .tuple(field(0, 59), field(0, 23), field(1, 31), field(1, 12), field(0, 7))
  .map((fields) => fields.join(' '));

/** By the definition, one minute at a time; written apart from what it judges. */
function fits(text: string, ms: number): boolean {
  const date = new Date(ms);
  const [minutes = '', hours = '', days = '', months = '', weekdays = ''] = text.split(' ');
  const has = (list: string, value: number, [min, max]: readonly [number, number]): boolean =>
    list.split(',').some((item) => {
      const [range = '', step = '1'] = item.split('/');
      const [low = '', high = low] = range === '*' ? [`${min}`, `${max}`] : range.split('-');
      return value >= +low && value <= +high && (value - +low) % +step === 0;
    });
  const isDay = has(days, date.getUTCDate(), [1, 31]);
  const weekday = date.getUTCDay();
  const isWeekday =
    has(weekdays, weekday, [0, 6]) ||
    (weekday === 0 && !weekdays.startsWith('*/') && has(weekdays, 7, [0, 6]));
  const either = !days.startsWith('*') && !weekdays.startsWith('*');
  return (
    has(minutes, date.getUTCMinutes(), [0, 59]) &&
    has(hours, date.getUTCHours(), [0, 23]) &&
    has(months, date.getUTCMonth() + 1, [1, 12]) &&
    (either ? isDay || isWeekday : isDay && isWeekday)
  );
}

/** Minutes that are looked at one by one. */
const lookedMinutes = 3_000;

describe('any schedule', () => {
  const moment = fc.integer({ min: Date.UTC(1999, 0), max: Date.UTC(2101, 0) });

  it('fires in no minute between a moment and its next firing, and in that one', () => {
    fc.assert(
      fc.property(anyCron, moment, (text, afterMs) => {
        const reading = readCron(text);
        if ('problem' in reading) return expect(reading.problem).toBe('never fires');
        const found = nextFiringMs(reading.schedule, afterMs) ?? 0;
        expect(found).toBeGreaterThan(afterMs);
        expect(fits(text, found)).toBe(true);
        const first = Math.floor(afterMs / minuteMs) * minuteMs + minuteMs;
        for (let ms = first; ms < found && ms < first + lookedMinutes * minuteMs; ms += minuteMs) {
          if (fits(text, ms)) throw new Error(`${text} fires at ${new Date(ms).toISOString()}`);
        }
        return undefined;
      }),
    );
  });

  it('finds by looking back what it found by looking forward', () => {
    fc.assert(
      fc.property(anyCron, moment, (text, afterMs) => {
        const reading = readCron(text);
        if ('problem' in reading) return;
        const first = nextFiringMs(reading.schedule, afterMs) ?? 0;
        const second = nextFiringMs(reading.schedule, first) ?? 0;
        expect(lastFiringMs(reading.schedule, first)).toBe(first);
        expect(lastFiringMs(reading.schedule, second - 1)).toBe(first);
      }),
    );
  });
});
