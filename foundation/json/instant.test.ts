// Which times a query may name.
import { describe, expect, it } from '@jest/globals';
import { instantOf, isInstant } from './instant.ts';

describe('a time in a query', () => {
  it.each([
    ['2026-03-01', '2026-03-01T00:00:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['2026-03-01T10:00Z', '2026-03-01T10:00:00.000Z'],
    ['2026-03-01T10:00:00.5+01:00', '2026-03-01T09:00:00.500Z'],
    ['0001-01-01', '0001-01-01T00:00:00.000Z'],
  ])('%s is %s', (text, iso) => {
    expect(isInstant(text)).toBe(true);
    expect(instantOf(text).toISOString()).toBe(iso);
  });

  it.each([
    'yesterday',
    '',
    '2026',
    '2026-3-1',
    '2026-02-30',
    '2025-02-29',
    '2026-13-01',
    '0000-01-01',
    '2026-03-01T10:00:00',
    '2026-03-01T25:00:00Z',
    '2026-03-01T10:00:00 01:00',
    ' 2026-03-01',
    '2026-03-01\n',
    '+012026-01-01',
  ])('is not %j', (text) => {
    expect(isInstant(text)).toBe(false);
  });
});
