// Appends of many executions as the arrays that one statement takes.
import {
  booleanArray,
  int4Array,
  textArray,
  timestampArray,
  uuidArray,
} from '../../../foundation/postgres/binary-array.ts';
import type { ExecutionRecord } from '../core/execution-record.ts';
import type { ApprovalChange, JournalAppend, RowChange } from './store.ts';

/** JSON escapes NUL and lone surrogates in itself; a plain text of PostgreSQL cannot hold NUL. */
export function storableText(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\ufffd') : text;
}

interface Recorded {
  readonly record: ExecutionRecord;
  readonly change: RowChange | undefined;
}

/** The values of new executions: `$2` to `$23`. A change that comes with the record is part of it. */
export function recordValues(batch: readonly JournalAppend[], ownerId: string): unknown[] {
  const recorded = batch.flatMap(({ record, change }): Recorded[] => (record ? [{ record, change }] : []));
  const of = <T>(pick: (record: ExecutionRecord) => T): T[] => recorded.map(({ record }) => pick(record));
  const changed = <T>(pick: (change: RowChange) => T, otherwise: T): T[] =>
    recorded.map(({ change }) => (change ? pick(change) : otherwise));
  return [
    uuidArray(of(({ tenantId }) => tenantId)),
    uuidArray(of(({ id }) => id)),
    textArray(of(({ kind }) => kind)),
    textArray(changed(({ status }) => status, 'pending')),
    textArray(of(({ domainId }) => domainId)),
    int4Array(of(({ domainVersion }) => domainVersion)),
    textArray(of(({ plan }) => plan.hash)),
    textArray(of(({ subjectId }) => subjectId)),
    textArray(of(({ sessionId }) => sessionId ?? null)),
    textArray(of(({ input }) => JSON.stringify(input))),
    textArray(of(({ principal }) => JSON.stringify(principal))),
    textArray(of(({ trace }) => trace?.traceparent ?? null)),
    textArray(of(({ trace }) => trace?.tracestate ?? null)),
    uuidArray(of(({ principal }) => principal.userId)),
    uuidArray(of(({ rerunOf }) => rerunOf ?? null)),
    uuidArray(changed(({ parked }) => (parked ? null : ownerId), ownerId)),
    timestampArray(changed(({ parked }) => parked?.wakeAtMs ?? null, null)),
    booleanArray(changed(({ parked }) => parked?.queued ?? false, false)),
    timestampArray(of(rankMs)),
    timestampArray(of(({ createdAtMs }) => createdAtMs)),
    timestampArray(changed(({ startedAtMs }) => startedAtMs, null)),
    timestampArray(changed(({ completedAtMs }) => completedAtMs, null)),
  ];
}

const priorityStepMs = 60_000;
const usualPriority = 2;

/** Its place in line: each step of priority counts as much as a minute of waiting. */
export function rankMs({ createdAtMs, priority = usualPriority }: ExecutionRecord): number {
  return createdAtMs - (priority - usualPriority) * priorityStepMs;
}

/** The values of rows that move: `$24` to `$34`. */
export function changeValues(batch: readonly JournalAppend[]): unknown[] {
  const moved = batch.flatMap(({ tenantId, executionId, record, change }) =>
    change && !record ? [{ tenantId, executionId, change }] : [],
  );
  const of = <T>(pick: (change: RowChange) => T): T[] => moved.map(({ change }) => pick(change));
  return [
    uuidArray(moved.map(({ tenantId }) => tenantId)),
    uuidArray(moved.map(({ executionId }) => executionId)),
    textArray(of(({ status }) => status)),
    timestampArray(of(({ startedAtMs }) => startedAtMs)),
    timestampArray(of(({ completedAtMs }) => completedAtMs)),
    textArray(of(({ reason }) => storableText(reason))),
    textArray(of(({ error }) => storableText(error))),
    booleanArray(of(({ partial }) => partial)),
    booleanArray(of(({ parked }) => parked !== undefined)),
    timestampArray(of(({ parked }) => parked?.wakeAtMs ?? null)),
    booleanArray(of(({ parked }) => parked?.queued ?? false)),
  ];
}

/** The values of the journal: `$35` to `$39`. */
export function rowValues(batch: readonly JournalAppend[]): unknown[] {
  const all = batch.flatMap(({ tenantId, executionId, rows }) =>
    rows.map((row) => ({ tenantId, executionId, row })),
  );
  return [
    uuidArray(all.map(({ tenantId }) => tenantId)),
    uuidArray(all.map(({ executionId }) => executionId)),
    int4Array(all.map(({ row }) => row.seq)),
    timestampArray(all.map(({ row }) => row.atMs)),
    textArray(all.map(({ row }) => JSON.stringify(row.events))),
  ];
}

type Of<T extends ApprovalChange['type']> = Extract<ApprovalChange, { readonly type: T }>;

function changesOf<T extends ApprovalChange['type']>(batch: readonly JournalAppend[], type: T) {
  return batch.flatMap(({ tenantId, executionId, approvals }) =>
    approvals.flatMap((change) =>
      change.type === type ? [{ tenantId, executionId, change: change as Of<T> }] : [],
    ),
  );
}

/** The values of approvals that are asked: `$40` to `$48`. Roles are a JSON array each. */
export function requestedValues(batch: readonly JournalAppend[]): unknown[] {
  const all = changesOf(batch, 'requested');
  const of = <T>(pick: (change: Of<'requested'>) => T): T[] => all.map(({ change }) => pick(change));
  return [
    uuidArray(all.map(({ tenantId }) => tenantId)),
    uuidArray(all.map(({ executionId }) => executionId)),
    textArray(of(({ nodeId }) => nodeId)),
    textArray(of(({ taskId }) => taskId)),
    textArray(of(({ domainId }) => domainId)),
    textArray(of(({ prompt }) => storableText(prompt))),
    textArray(of(({ roles }) => JSON.stringify(roles))),
    timestampArray(of(({ requestedAtMs }) => requestedAtMs)),
    timestampArray(of(({ expiresAtMs }) => expiresAtMs)),
  ];
}

/** The values of approvals that are decided: `$49` to `$55`. */
export function decidedValues(batch: readonly JournalAppend[]): unknown[] {
  const all = changesOf(batch, 'decided');
  const of = <T>(pick: (change: Of<'decided'>) => T): T[] => all.map(({ change }) => pick(change));
  return [
    uuidArray(all.map(({ tenantId }) => tenantId)),
    uuidArray(all.map(({ executionId }) => executionId)),
    textArray(of(({ nodeId }) => nodeId)),
    textArray(of(({ status }) => status)),
    timestampArray(of(({ decidedAtMs }) => decidedAtMs)),
    uuidArray(of(({ decidedBy }) => decidedBy)),
    textArray(of(({ comment }) => storableText(comment))),
  ];
}

/** The values of decided commands and of outputs to keep: `$56` to `$63`. */
export function restValues(batch: readonly JournalAppend[]): unknown[] {
  const commands = batch.flatMap(({ tenantId, executionId, commandIds }) =>
    commandIds.map((id) => ({ tenantId, executionId, id })),
  );
  const outputs = batch.flatMap(({ tenantId, executionId, cached }) =>
    cached.map((output) => ({ tenantId, executionId, output })),
  );
  return [
    uuidArray(commands.map(({ tenantId }) => tenantId)),
    uuidArray(commands.map(({ executionId }) => executionId)),
    uuidArray(commands.map(({ id }) => id)),
    uuidArray(outputs.map(({ tenantId }) => tenantId)),
    textArray(outputs.map(({ output }) => output.key)),
    textArray(outputs.map(({ output }) => JSON.stringify(output.answer))),
    uuidArray(outputs.map(({ executionId }) => executionId)),
    int4Array(outputs.map(({ output }) => Math.min(output.ttlMs, 2 ** 31 - 1))),
  ];
}

/** True when an append holds more than a record, a row and events. */
export function hasMore({ approvals, commandIds, cached }: JournalAppend): boolean {
  return approvals.length > 0 || commandIds.length > 0 || cached.length > 0;
}
