// Names of time zones.
import { describe, expect, it } from '@jest/globals';
import { isTimeZone } from './time-zone.ts';

describe('a time zone', () => {
  it.each(['UTC', 'GMT', 'Europe/Vienna', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5', 'Asia/Kathmandu'])(
    'can be %s',
    (name) => expect(isTimeZone(name)).toBe(true),
  );

  it.each(['', 'IST', 'CST', 'PST8PDT', '+05:30', 'Europe/Atlantis', 'Europe/', 'Europe/Vienna\0', 'a b/c'])(
    'cannot be %j',
    (name) => expect(isTimeZone(name)).toBe(false),
  );
});
