// The tables of the orchestrator in memory, as far as the engine reads and writes them, with what the database itself checks.
import type { ExecutionRecord, StoredExecution } from '../../services/orchestrator/core/execution-record.ts';
import type { ExecutionStatus } from '../../services/orchestrator/core/execution-state.ts';
import type { JournalEntry } from '../../services/orchestrator/core/journal-event.ts';
import { rankMs } from '../../services/orchestrator/store/journal-values.ts';
import type {
  CachedOutput,
  ExecutionKey,
  JournalAppend,
  StoredCommand,
} from '../../services/orchestrator/store/store.ts';
import { moveTask, type TaskRow } from './model-tasks.ts';

/** The row of an execution, with its journal. */
export interface ExecutionRow {
  readonly record: ExecutionRecord;
  readonly rankMs: number;
  status: ExecutionStatus;
  ownerId: string | null;
  epoch: number;
  /** Milliseconds since the Unix epoch. */
  wakeAtMs: number | null;
  queued: boolean;
  reason: string;
  error: string;
  partial: boolean;
  startedAtMs: number | null;
  completedAtMs: number | null;
  isLocked: boolean;
  /** Numbers of the first events of its journal's rows. */
  readonly keys: Set<number>;
  /** In order of their numbers. */
  readonly entries: JournalEntry[];
  /** Status of each approval, by node. */
  readonly approvals: Map<string, string>;
  commands: StoredCommand[];
  /** By node: tasks that were offered to workers. */
  readonly tasks: Map<string, TaskRow>;
}

/** An output that serves other executions. */
export interface KeptOutput extends CachedOutput {
  readonly executionId: string;
  /** Milliseconds since the Unix epoch. */
  readonly expiresAtMs: number;
}

/** The tables. */
export interface ModelTables {
  /** By id. */
  readonly executions: Map<string, ExecutionRow>;
  readonly outputs: Map<string, KeptOutput>;
  /** Execution by name of a start. */
  readonly names: Map<string, string>;
}

/** Empty tables. */
export function createModelTables(): ModelTables {
  return { executions: new Map(), outputs: new Map(), names: new Map() };
}

/** The error of the driver for a value that breaks a rule. */
function violated(constraint: string): Error {
  return Object.assign(new Error(constraint), { code: '23505', constraint });
}

/** Inserts a pending execution. Throws when it is there already. */
export function insertExecution(tables: ModelTables, record: ExecutionRecord, ownerId: string): ExecutionRow {
  if (tables.executions.has(record.id)) throw violated('executions_pkey');
  const row: ExecutionRow = {
    record,
    rankMs: rankMs(record),
    ...{ status: 'pending', ownerId, epoch: 1, wakeAtMs: null, queued: false, reason: '', error: '' },
    ...{ partial: false, startedAtMs: null, completedAtMs: null, isLocked: false },
    ...{ keys: new Set(), entries: [], approvals: new Map(), commands: [], tasks: new Map() },
  };
  tables.executions.set(record.id, row);
  return row;
}

/** The row of an execution, unless it belongs to another tenant. */
export function rowOf(tables: ModelTables, { tenantId, id }: ExecutionKey): ExecutionRow | undefined {
  const row = tables.executions.get(id);
  return row?.record.tenantId === tenantId ? row : undefined;
}

// Throws what the constraints of the tables refuse of an append, before anything is changed.
function checkAppend(tables: ModelTables, append: JournalAppend): void {
  const row = tables.executions.get(append.executionId);
  if (append.record && row) throw violated('executions_pkey');
  for (const { seq } of append.rows) if (row?.keys.has(seq)) throw violated('execution_events_pkey');
  for (const { type, nodeId } of append.approvals) {
    if (type === 'requested' && row?.approvals.has(nodeId)) throw violated('approvals_pkey');
  }
  const { change } = append;
  if (!change) return;
  const isEnd = ['completed', 'failed', 'cancelled'].includes(change.status);
  if (isEnd !== (change.completedAtMs !== null)) throw violated('executions_ended');
}

/** Throws what the constraints refuse of one statement, before anything is changed. A key can be taken by another row of the same statement. */
export function checkAppends(tables: ModelTables, batch: readonly JournalAppend[]): void {
  const taken = new Set<string>();
  for (const append of batch) {
    checkAppend(tables, append);
    for (const { seq } of append.rows) {
      const key = `${append.executionId} ${seq}`;
      if (taken.has(key)) throw violated('execution_events_pkey');
      taken.add(key);
    }
  }
}

/** Carries out an append that was checked. An execution that is not there is left alone, as an update leaves it. */
export function applyAppend(
  tables: ModelTables,
  append: JournalAppend,
  ownerId: string,
): ExecutionRow | undefined {
  const row = append.record
    ? insertExecution(tables, append.record, ownerId)
    : tables.executions.get(append.executionId);
  if (!row) return undefined;
  const { change } = append;
  if (change) {
    const { parked, startedAtMs, ...values } = change;
    Object.assign(row, values, { startedAtMs: startedAtMs ?? row.startedAtMs });
    row.ownerId = parked ? null : row.ownerId;
    row.wakeAtMs = parked?.wakeAtMs ?? null;
    row.queued = parked?.queued ?? false;
  }
  for (const { seq, atMs, events } of append.rows) {
    row.keys.add(seq);
    const stored: typeof events = JSON.parse(JSON.stringify(events));
    for (const [place, event] of stored.entries()) row.entries.push({ seq: seq + place, atMs, event });
  }
  for (const approval of append.approvals) {
    row.approvals.set(approval.nodeId, approval.type === 'requested' ? 'waiting' : approval.status);
  }
  row.commands = row.commands.filter(({ id }) => !append.commandIds.includes(id));
  for (const change of append.tasks ?? []) moveTask(row.tasks, change);
  for (const output of append.cached) keep(tables, output, append);
  return row;
}

function keep(tables: ModelTables, output: CachedOutput, { tenantId, executionId }: JournalAppend): void {
  const expiresAtMs = Date.now() + output.ttlMs;
  tables.outputs.set(`${tenantId} ${output.key}`, { ...output, executionId, expiresAtMs });
}

/** The execution as its row shows it. */
export function executionOf(row: ExecutionRow): StoredExecution {
  const { record, status, reason, error, partial, queued, ownerId, startedAtMs, completedAtMs } = row;
  return {
    ...record,
    ...{ status, reason, error, partial, isQueued: queued },
    isParked: ownerId === null && completedAtMs === null,
    ...(startedAtMs === null ? {} : { startedAtMs }),
    ...(completedAtMs === null ? {} : { completedAtMs }),
  };
}
