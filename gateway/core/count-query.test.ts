// What a count asks for: groups or spans of time.
import { describe, expect, it } from '@jest/globals';
import { countProblems } from './count-query.ts';

describe('a count', () => {
  it.each([
    [{ group_by: 'status' }, []],
    [{ bucket: 'day' }, []],
    [{ bucket: 'day', time_zone: 'Asia/Kathmandu', time: 'event' }, []],
    [{}, ['group_by']],
    [{ group_by: 'status', bucket: 'day' }, ['group_by']],
    [{ group_by: 'status', time_zone: 'UTC', time: 'event' }, ['time_zone', 'time']],
    [{ time: 'event' }, ['group_by', 'time']],
  ])('of %j has problems with %j', (query, fields) => {
    expect(countProblems(query).map(({ field }) => field)).toEqual(fields);
  });
});
