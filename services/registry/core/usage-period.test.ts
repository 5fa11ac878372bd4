// Days and months of tenants, and the stretches of time that questions mean.
import { describe, expect, it } from '@jest/globals';
import { dayIn, monthOf, monthStart, usageRange } from './usage-period.ts';

const ms = (text: string) => Date.parse(text);
const iso = (at: number) => new Date(at).toISOString();

describe('dayIn', () => {
  it.each([
    ['', '2026-02-28T23:59:59.999Z', '2026-02-28'],
    ['UTC', '2026-03-01T00:00:00Z', '2026-03-01'],
    ['Europe/Madrid', '2026-02-28T22:59:59Z', '2026-02-28'],
    ['Europe/Madrid', '2026-02-28T23:00:00Z', '2026-03-01'],
    ['America/Los_Angeles', '2026-03-01T07:59:59Z', '2026-02-28'],
    ['Pacific/Kiritimati', '2026-02-28T10:00:00Z', '2026-03-01'],
  ])('in %j of %s is %s', (zone, at, day) => {
    expect(dayIn(zone, ms(at))).toBe(day);
    expect(monthOf(dayIn(zone, ms(at)))).toBe(day.slice(0, 7));
  });
});

describe('monthStart', () => {
  it.each([
    ['', '2026-03-17T10:00:00Z', '2026-03-01T00:00:00.000Z'],
    ['Europe/Madrid', '2026-04-17T10:00:00Z', '2026-03-31T22:00:00.000Z'],
    ['Europe/Madrid', '2026-03-30T10:00:00Z', '2026-02-28T23:00:00.000Z'],
    ['America/Los_Angeles', '2026-11-30T10:00:00Z', '2026-11-01T07:00:00.000Z'],
    ['Asia/Kathmandu', '2026-01-01T00:00:00Z', '2025-12-31T18:15:00.000Z'],
    ['Pacific/Kiritimati', '2026-02-28T10:00:00Z', '2026-02-28T10:00:00.000Z'],
  ])('in %j of %s is %s', (zone, at, start) => {
    expect(iso(monthStart(zone, ms(at)))).toBe(start);
  });

  it('is the first moment of its month in every zone and month', () => {
    for (const zone of ['Europe/Vienna', 'America/Sao_Paulo', 'Australia/Lord_Howe', 'Asia/Kolkata']) {
      for (let month = 0; month < 24; month += 1) {
        const start = monthStart(zone, Date.UTC(2026, month, 15));
        expect(dayIn(zone, start).slice(8)).toBe('01');
        expect(monthOf(dayIn(zone, start - 1))).not.toBe(monthOf(dayIn(zone, start)));
      }
    }
  });
});

describe('usageRange', () => {
  const here = { nowMs: ms('2026-03-17T10:00:00Z'), timeZone: 'Europe/Madrid' };
  const meant = (sent: { from?: string; to?: string }) => {
    const ends = {
      ...(sent.from ? { fromMs: ms(sent.from) } : {}),
      ...(sent.to ? { toMs: ms(sent.to) } : {}),
    };
    const { range, problems } = usageRange(ends, here);
    return { range: [iso(range.fromMs), iso(range.toMs)], fields: problems.map(({ field }) => field) };
  };

  it('is the present month up to now unless something else is said', () => {
    expect(meant({})).toEqual({
      range: ['2026-02-28T23:00:00.000Z', '2026-03-17T10:00:00.001Z'],
      fields: [],
    });
  });

  it('is the whole month before where it ends with one', () => {
    const range = ['2026-01-31T23:00:00.000Z', '2026-02-28T23:00:00.000Z'];
    expect(meant({ to: '2026-02-28T23:00:00Z' })).toEqual({ range, fields: [] });
  });

  it('is what is said', () => {
    const sent = { from: '2026-01-01T00:00:00.000Z', to: '2026-02-01T00:00:00.000Z' };
    expect(meant(sent)).toEqual({ range: [sent.from, sent.to], fields: [] });
  });

  it('neither ends before it begins nor is longer than 400 days', () => {
    expect(meant({ from: '2026-03-01T00:00:00Z', to: '2026-03-01T00:00:00Z' }).fields).toEqual(['to']);
    expect(meant({ from: '2025-01-01T00:00:00Z', to: '2026-02-05T00:00:00Z' }).fields).toEqual([]);
    expect(meant({ from: '2025-01-01T00:00:00Z', to: '2026-02-05T00:00:01Z' }).fields).toEqual(['from']);
  });

  it('names times that are none', () => {
    const { problems } = usageRange({ fromMs: Number.NaN, toMs: Number.NaN }, here);
    expect(problems.map(({ field }) => field)).toEqual(['from', 'to']);
  });
});
