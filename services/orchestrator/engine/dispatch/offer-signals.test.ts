// What is told of runs as their events become durable: of each thing that others wait for, and of nothing else.
import { describe, expect, it } from '@jest/globals';
import type { JournalEvent } from '../../core/journal-event.ts';
import { createFeed, type Feed } from '../feed.ts';
import { createOfferSignals, signallingFeed } from './offer-signals.ts';

/** What listeners are told when a run of tenant `t` appends these events. */
function toldOf(events: readonly JournalEvent[]): readonly string[] {
  const told: string[] = [];
  const signals = createOfferSignals();
  signals.listen((tenantId) => told.push(`offered ${tenantId}`));
  signals.listenToCancels((executionId) => told.push(`cancelled ${executionId}`));
  const source = { execution: { id: 'run', tenantId: 't' } } as Parameters<Feed['appended']>[0];
  signallingFeed(createFeed(), signals).appended(source, { seq: 1, atMs: 0, events });
  return told;
}

describe('the feed of a run', () => {
  it('tells of offers and of the cancelling of the run', () => {
    expect(toldOf([{ type: 'task_offered', nodeId: 'a', attempt: 1 }])).toEqual(['offered t']);
    expect(toldOf([{ type: 'cancel_requested', by: 'u', because: 'No longer needed' }])).toEqual([
      'cancelled run',
    ]);
  });

  it('tells of no cancelling when a run that fails cancels what a person was asked: workers finish what they have', () => {
    const waited = {
      type: 'task_cancelled',
      nodeId: 'gate',
      because: 'Cancelled because Find failed',
    } as const;
    expect(toldOf([{ ...waited, durationMs: 0 } as JournalEvent])).toEqual([]);
  });
});
