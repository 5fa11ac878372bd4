// Which outputs a run was computing for others too, and when it is known what became of them.
import type { JournalEvent } from '../core/journal-event.ts';

/** Tells those who wait for an output whether it is recorded now. */
export type EndOfOutput = (recorded: boolean) => void;

/** What a run computes for others too: by nodeId, whom to tell. */
export interface Computing {
  readonly computing: Map<string, EndOfOutput>;
}

/** An output that is computed no longer; whether it is recorded is known once the events are durable. */
export interface EndedOutput {
  readonly end: EndOfOutput;
  readonly isComputed: boolean;
}

const ends: ReadonlySet<JournalEvent['type']> = new Set([
  'task_succeeded',
  'task_failed',
  'task_cancelled',
  'task_skipped',
  'retry_scheduled', // who waits does not wait for the next attempt too
]);

/** The outputs whose computing ends with these events; the run forgets them. */
export function endedOutputs({ computing }: Computing, events: readonly JournalEvent[]): EndedOutput[] {
  if (computing.size === 0) return [];
  return events.flatMap((event): EndedOutput[] => {
    const end = 'nodeId' in event && ends.has(event.type) ? computing.get(event.nodeId) : undefined;
    if (!end || !('nodeId' in event)) return [];
    computing.delete(event.nodeId);
    return [{ end, isComputed: event.type === 'task_succeeded' }];
  });
}

/** Tells those who wait; nothing is recorded when the events were lost. */
export function tellEnded(ended: readonly EndedOutput[], isDurable: boolean): void {
  for (const { end, isComputed } of ended) end(isDurable && isComputed);
}

/** Tells those who wait that the run computes nothing here any more. */
export function endAll({ computing }: Computing): void {
  for (const end of computing.values()) end(false);
  computing.clear();
}
