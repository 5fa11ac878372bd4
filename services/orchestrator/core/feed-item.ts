// What owners of executions tell watchers as it becomes durable, and the texts that models write meanwhile. It says nothing of how that is
// carried.
import type { JsonObject } from '../../../foundation/json/json.ts';
import type { AgentAnswer } from './agent-answer.ts';
import type { JournalEvent } from './journal-event.ts';

/** Whose run something is told of. */
export interface FeedSubject {
  readonly tenantId: string;
  readonly executionId: string;
  /** User that started it. */
  readonly createdBy: string;
  readonly sessionId?: string;
}

/** Entries of one execution that follow each other. */
export interface FeedEntries extends FeedSubject {
  readonly type: 'entries';
  /** Number of the first event. */
  readonly seq: number;
  readonly atMs: number;
  readonly events: readonly JournalEvent[];
}

/** Text that a model has just written. */
export interface FeedText extends FeedSubject, AttemptText {
  readonly type: 'text';
}

/** Text of one attempt. */
export interface AttemptText {
  readonly taskId: string;
  readonly nodeId: string;
  readonly attempt: number;
  /** In UTF-16 code units. */
  readonly offset: number;
  readonly text: string;
}

/** Something that is told. */
export type FeedItem = FeedEntries | FeedText;

/** Number of the last event. */
export function lastSeqOf({ seq, events }: Pick<FeedEntries, 'seq' | 'events'>): number {
  return seq + events.length - 1;
}

/** The event without what watchers are never told: of outputs and planned changes only the keys remain, of calls of tools how they ended. */
export function slimEvent(event: JournalEvent): JournalEvent {
  if (event.type === 'effects_planned') return { ...event, prepared: {} };
  if (event.type === 'tool_ended') return slimCall(event);
  if (event.type !== 'task_succeeded' && event.type !== 'task_reused') return event;
  return { ...event, answer: slimAnswer(event.answer) };
}

function slimCall({ given: _, answered: __, ...end }: Extract<JournalEvent, { type: 'tool_ended' }>) {
  return end;
}

function slimAnswer({ output, confidence, runtime }: AgentAnswer): AgentAnswer {
  const keys: JsonObject = Object.fromEntries(Object.keys(output).map((key) => [key, null]));
  return { output: keys, reasoning: '', confidence, references: [], spans: {}, runtime };
}

/** True when no more text of the attempt follows. */
export function endsAttempt({ type }: JournalEvent): boolean {
  return (
    type === 'task_succeeded' ||
    type === 'task_failed' ||
    type === 'task_cancelled' ||
    type === 'retry_scheduled' ||
    type === 'task_skipped'
  );
}
