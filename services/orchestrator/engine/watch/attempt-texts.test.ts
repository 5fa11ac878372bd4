// Texts so far: whole from their beginnings, and kept no longer than their attempts go on.
import { describe, expect, it } from '@jest/globals';
import type { FeedText } from '../../core/feed-item.ts';
import type { JournalEvent } from '../../core/journal-event.ts';
import { attemptTextMax, createAttemptTexts } from './attempt-texts.ts';

const subject = { tenantId: 'tenant', executionId: 'run', createdBy: 'user' };
const text = (offset: number, piece: string, changes: Partial<FeedText> = {}): FeedText => ({
  ...{ type: 'text', ...subject, taskId: 'task_1', nodeId: 'a', attempt: 1, offset, text: piece },
  ...changes,
});
const fault = { code: 'model_error', message: '' };
const entries = (...events: JournalEvent[]) =>
  ({ type: 'entries', ...subject, seq: 1, atMs: 0, events }) as const;
const piecesOf = (texts: readonly FeedText[]) => texts.map((each) => [each.attempt, each.offset, each.text]);

describe('the text so far', () => {
  it('is put together from its pieces, for one run or for all', () => {
    const kept = createAttemptTexts();
    kept.note(text(0, 'one '));
    kept.note(text(4, 'two'));
    kept.note(text(0, 'other', { executionId: 'another', nodeId: 'b' }));
    expect(piecesOf(kept.texts('run'))).toEqual([[1, 0, 'one two']]);
    expect(kept.texts()).toHaveLength(2);
    expect(kept.texts('unknown')).toEqual([]);
  });

  it('is not told without its beginning', () => {
    const kept = createAttemptTexts();
    kept.note(text(10, 'late'));
    expect(kept.isEmpty()).toBe(true);
  });

  it('begins anew with another attempt, or when the same one is made again', () => {
    const kept = createAttemptTexts();
    kept.note(text(0, 'first'));
    kept.note(text(0, 'again'));
    expect(piecesOf(kept.texts())).toEqual([[1, 0, 'again']]);
    kept.note(text(0, 'second', { attempt: 2 }));
    expect(piecesOf(kept.texts())).toEqual([[2, 0, 'second']]);
  });

  it.each<[JournalEvent]>([
    [{ type: 'task_failed', nodeId: 'a', attempt: 1, fault, durationMs: 1 }],
    [{ type: 'task_cancelled', nodeId: 'a', attempt: 1, durationMs: 1 }],
    [{ type: 'retry_scheduled', nodeId: 'a', attempt: 1, fault, durationMs: 1, dueMs: 1, counts: true }],
    [{ type: 'ended', status: 'failed', summary: '' }],
  ])('is dropped with %j', (event) => {
    const kept = createAttemptTexts();
    kept.note(text(0, 'some'));
    kept.note(entries({ type: 'task_started', nodeId: 'b', attempt: 1 }));
    expect(kept.isEmpty()).toBe(false);
    kept.note(entries(event));
    expect(kept.isEmpty()).toBe(true);
  });

  it('is dropped when the attempt is not held any more', () => {
    const kept = createAttemptTexts();
    let isHeld = true;
    kept.note(text(0, 'some'), () => isHeld);
    isHeld = false;
    expect(kept.texts()).toEqual([]);
    expect(kept.isEmpty()).toBe(true);
  });

  it('is bounded: what follows is told live alone', () => {
    const kept = createAttemptTexts();
    kept.note(text(0, 'x'.repeat(attemptTextMax - 1)));
    kept.note(text(attemptTextMax - 1, 'yz'));
    kept.note(text(attemptTextMax + 1, 'more'));
    expect(kept.texts()[0]?.text).toBe(`${'x'.repeat(attemptTextMax - 1)}y`);
  });
});
