// Places in lists: no microsecond is lost on the way, and what cannot be one is named.
import { create } from '@bufbuild/protobuf';
import { TimestampSchema } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from '@jest/globals';
import { ListPlaceSchema } from '../../proto/gen/domainflow/common/v1/page_pb.js';
import { checkPlace, instantOfMicros, microsOf, sortPlaceOf, timestampOfMicros } from './list-place.ts';

const id = '019ab000-0000-7000-8000-00000000000a';
const cursorless = { hasCursor: false };

describe('a time in microseconds', () => {
  it.each([
    [1_767_225_600_123_456n, '2026-01-01T00:00:00.123456Z'],
    [0n, '1970-01-01T00:00:00.000000Z'],
    [-1n, '1969-12-31T23:59:59.999999Z'],
  ])('is the same as a message and as a text: %s', (us, text) => {
    expect(microsOf(create(TimestampSchema, timestampOfMicros(us)))).toBe(us);
    expect(instantOfMicros(us)).toBe(text);
  });
});

describe('a place', () => {
  it('is read to the microsecond, and may be absent', () => {
    const place = create(ListPlaceSchema, { at: timestampOfMicros(1_001n), id: id.toUpperCase() });
    expect(checkPlace(place, cursorless)).toEqual([]);
    expect(sortPlaceOf(place)).toEqual({ at: '1970-01-01T00:00:00.001001Z', id });
    expect(checkPlace(undefined, { hasCursor: true })).toEqual([]);
    expect(sortPlaceOf(undefined)).toBeUndefined();
  });

  it('is refused beside a cursor, without a time and without an id, all at once', () => {
    const nowhere = create(ListPlaceSchema, { at: { seconds: 10_000_000_000_000n }, id: 'x' });
    const fields = (place: typeof nowhere) =>
      checkPlace(place, { hasCursor: true }).map(({ field }) => field);
    expect(fields(nowhere)).toEqual(['after', 'after.at', 'after.id']);
    expect(fields(create(ListPlaceSchema, { id }))).toEqual(['after', 'after.at']);
  });
});
