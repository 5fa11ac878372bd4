// What a run takes over from the one that it repeats, as the first events of its own journal: a run never depends on another one's journal
// once it has begun.
import type { ExecutionRecord } from '../core/execution-record.ts';
import { jobOf } from '../core/job-input.ts';
import type { JournalEntry, JournalEvent } from '../core/journal-event.ts';
import type { ExecutionStore } from '../store/store.ts';

type Reused = Extract<JournalEvent, { readonly type: 'task_reused' }>;

/** True for a run that takes over outputs. */
export function reusesOutputs({ input }: Pick<ExecutionRecord, 'input'>): boolean {
  return (jobOf(input).repeats?.reused.length ?? 0) > 0;
}

/** The events with which the run begins. What is not kept any more is left out, and is computed again. */
export async function reusedOutputs(
  { readJournal }: Pick<ExecutionStore, 'readJournal'>,
  { tenantId, input, rerunOf }: ExecutionRecord,
): Promise<Reused[]> {
  const nodeIds = jobOf(input).repeats?.reused ?? [];
  if (rerunOf === undefined || nodeIds.length === 0) return [];
  const kept = outputsOf(rerunOf, await readJournal(tenantId, rerunOf, { fresh: true }));
  return nodeIds.flatMap((nodeId) => kept.get(nodeId) ?? []);
}

function outputsOf(executionId: string, entries: readonly JournalEntry[]): Map<string, Reused> {
  const outputs = new Map<string, Reused>();
  for (const { event } of entries) {
    if (event.type === 'task_reused') outputs.set(event.nodeId, event);
    if (event.type !== 'task_succeeded') continue;
    const { nodeId, answer, cachedFrom: fromExecutionId = executionId } = event;
    outputs.set(nodeId, { type: 'task_reused', nodeId, answer, fromExecutionId });
  }
  return outputs;
}
