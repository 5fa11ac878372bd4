// Where a client goes on: by header, by parameter, or from the start.
import { describe, expect, it } from '@jest/globals';
import type { Fault } from '../../foundation/fault/fault.ts';
import { lastEventId, lastEventIdLengthMax, lastSeq } from './last-event-id.ts';

const sent = (header?: string, parameter?: string) => ({ header, parameter });

function refusedField(read: () => unknown): string | undefined {
  try {
    read();
  } catch (error) {
    return (error as Fault).violations[0]?.field;
  }
  return undefined;
}

describe('the last event of a client', () => {
  it.each([
    ['the header', sent('7', '3'), '7'],
    ['the parameter where there is no header', sent(undefined, '3'), '3'],
    ['the parameter where the header is empty', sent('', '3'), '3'],
    ['none', sent(), ''],
    ['none when empty', sent('', ''), ''],
  ])('is %s', (_what, id, expected) => {
    expect(lastEventId(id)).toBe(expected);
    expect(lastSeq(id)).toBe(BigInt(expected || 0));
  });

  it.each(['-1', '1.5', '0x7', ' 7', '7, 7', 'seven', '1'.repeat(19)])('is no number: %j', (id) => {
    expect(refusedField(() => lastSeq(sent(id)))).toBe('Last-Event-ID');
    expect(refusedField(() => lastSeq(sent(undefined, id)))).toBe('last_event_id');
  });

  it('has a greatest length', () => {
    expect(lastEventId(sent('x'.repeat(lastEventIdLengthMax)))).toHaveLength(lastEventIdLengthMax);
    expect(refusedField(() => lastEventId(sent('x'.repeat(lastEventIdLengthMax + 1))))).toBe('Last-Event-ID');
  });
});
