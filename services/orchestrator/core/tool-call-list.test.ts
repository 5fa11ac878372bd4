// Calls of tools as a run shows them: beginnings and ends of its journal, put together.
import { describe, expect, it } from '@jest/globals';
import type { JournalEvent } from './journal-event.ts';
import type { ToolCallEnd } from './tool-call.ts';
import { createToolCallList } from './tool-call-list.ts';

const place = { nodeId: 'a', attempt: 1 };
const began = (number?: number, attempt = 1): JournalEvent => ({
  ...{ type: 'tool_called', nodeId: 'a', attempt, toolName: 'search' },
  ...(number === undefined ? {} : { number }),
});
const end = (number: number, errorCode = ''): ToolCallEnd => ({
  ...{ toolName: 'search', number, durationMs: 30, errorCode },
  given: { text: '{}', bytes: 2, sha256: '' },
});
const ended = (number: number, errorCode = ''): JournalEvent => ({
  ...{ type: 'tool_ended', ...place, ...end(number, errorCode) },
});

function shown(...events: readonly JournalEvent[]) {
  const list = createToolCallList();
  for (const [at, event] of events.entries()) list.add({ seq: at + 1, atMs: 1_000 + at * 10, event });
  return list.all();
}

describe('the calls of a run', () => {
  it('are shown once each, from their beginning, in the order in which they were recorded', () => {
    expect(shown(began(1), began(2), ended(2), ended(1, 'tool_error'))).toEqual([
      { ...place, ...end(1, 'tool_error'), startedMs: 1_000 },
      { ...place, ...end(2), startedMs: 1_010 },
    ]);
  });

  it('are shown while nobody has told of their end', () => {
    expect(shown(began(1))).toEqual([
      { ...place, toolName: 'search', number: 1, startedMs: 1_000, errorCode: '' },
    ]);
  });

  it('of several attempts stay apart', () => {
    expect(shown(began(1), began(1, 2), ended(1))).toMatchObject([
      { attempt: 1, durationMs: 30 },
      { attempt: 2, errorCode: '' },
    ]);
  });

  it('that were refused are shown by their end alone, and so are those that nobody numbered', () => {
    expect(shown(ended(1, 'permission_denied'))).toEqual([
      { ...place, ...end(1, 'permission_denied'), startedMs: 970 },
    ]);
    expect(shown(began(), began(), ended(0), ended(0))).toHaveLength(2);
  });

  it('that an attempt made before it was begun anew stay beside those that it made then', () => {
    const uncertain: JournalEvent = { type: 'attempt_uncertain', ...place };
    expect(shown(began(1), ended(1), uncertain, began(1), ended(1))).toHaveLength(2);
  });
});
