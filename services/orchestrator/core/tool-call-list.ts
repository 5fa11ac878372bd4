// Calls of tools as a run shows them: beginnings and ends of its journal, put together.
import type { JournalEntry } from './journal-event.ts';
import type { ToolCallEnd } from './tool-call.ts';

/** A call of a tool as a run shows it. */
export interface ShownToolCall extends Omit<ToolCallEnd, 'durationMs'> {
  readonly nodeId: string;
  readonly attempt: number;
  /** Milliseconds since the Unix epoch. */
  readonly startedMs: number;
  /** Absent while it is under way, and when nobody told of its end. */
  readonly durationMs?: number;
}

/** Puts the calls of a run together from its journal. */
export interface ToolCallList {
  /** Entries come in order. */
  add(entry: JournalEntry): void;
  /** In the order in which they were recorded first. */
  all(): readonly ShownToolCall[];
}

/** No calls yet. */
export function createToolCallList(): ToolCallList {
  const calls: ShownToolCall[] = [];
  const open = new Map<string, number>(); // places of calls whose end is not recorded
  const nameOf = (nodeId: string, attempt: number, number: number): string =>
    JSON.stringify([nodeId, attempt, number]);
  return {
    add({ event, atMs }) {
      if (event.type === 'tool_called') {
        const { nodeId, attempt, toolName, number = 0 } = event;
        // What was begun without a number cannot be told from others: its end alone is shown.
        if (number === 0) return;
        open.set(nameOf(nodeId, attempt, number), calls.length);
        calls.push({ nodeId, attempt, toolName, number, startedMs: atMs, errorCode: '' });
      } else if (event.type === 'tool_ended') {
        const { type: _, ...end } = event;
        const name = nameOf(end.nodeId, end.attempt, end.number);
        const place = open.get(name);
        open.delete(name);
        const begun = place === undefined ? undefined : calls[place];
        const call = { ...end, startedMs: begun?.startedMs ?? Math.max(0, atMs - end.durationMs) };
        if (place === undefined) calls.push(call);
        else calls[place] = call;
      }
    },
    all: () => calls,
  };
}
