// Keeps the texts so far of attempts under way, for watchers that come late. What does not fit is not kept: they are then told what comes
// next alone.
import { endsAttempt, type FeedItem, type FeedText } from '../../core/feed-item.ts';

/** Text kept of one attempt, in UTF-16 code units. */
export const attemptTextMax = 64 * 1024;
/** Text kept of all attempts together, in UTF-16 code units. */
export const allTextMax = 16 * 1024 * 1024;

/** Texts of many attempts. */
export interface AttemptTexts {
  /** Adds a text, or drops what has ended. A text is kept only while its attempt is held, as `isHeld` says [always]. */
  note(item: FeedItem, isHeld?: () => boolean): void;
  /** Texts from their beginnings, of one execution or of all. */
  texts(executionId?: string): readonly FeedText[];
  isEmpty(): boolean;
}

interface Kept {
  item: FeedText;
  readonly isHeld: () => boolean;
}

/** Keeps nothing yet. */
export function createAttemptTexts(): AttemptTexts {
  const runs = new Map<string, Map<string, Kept>>();
  let size = 0;

  function drop(executionId: string, nodeId: string): void {
    const run = runs.get(executionId);
    size -= run?.get(nodeId)?.item.text.length ?? 0;
    run?.delete(nodeId);
    if (run?.size === 0) runs.delete(executionId);
  }

  function dropLost(): void {
    for (const [executionId, run] of runs) {
      for (const [nodeId, { isHeld }] of run) if (!isHeld()) drop(executionId, nodeId);
    }
  }

  function add(item: FeedText, isHeld: () => boolean): void {
    const { executionId, nodeId, attempt, offset, text } = item;
    const kept = runs.get(executionId)?.get(nodeId)?.item;
    const isSame = kept?.attempt === attempt && offset > 0;
    if (kept && !isSame) drop(executionId, nodeId);
    const before = isSame ? kept.text : '';
    if (offset !== before.length) return; // its beginning was not seen, or did not fit
    if (size + text.length > allTextMax) dropLost();
    const room = Math.min(attemptTextMax - before.length, allTextMax - size);
    const whole = before + text.slice(0, Math.max(0, room));
    if (whole === before) return;
    size += whole.length - before.length;
    const run = runs.get(executionId) ?? new Map<string, Kept>();
    runs.set(executionId, run.set(nodeId, { item: { ...item, offset: 0, text: whole }, isHeld }));
  }

  return {
    note(item, isHeld = () => true) {
      if (item.type === 'text') return add(item, isHeld);
      const { executionId, events } = item;
      if (!runs.has(executionId)) return;
      for (const event of events) {
        if (event.type === 'ended')
          for (const nodeId of runs.get(executionId)?.keys() ?? []) drop(executionId, nodeId);
        if ('nodeId' in event && endsAttempt(event)) drop(executionId, event.nodeId);
      }
    },
    texts(executionId) {
      dropLost();
      const wanted =
        executionId === undefined ? [...runs.values()] : [runs.get(executionId) ?? new Map<string, Kept>()];
      return wanted.flatMap((run) => Array.from(run.values(), ({ item }) => item));
    },
    isEmpty: () => runs.size === 0,
  };
}
