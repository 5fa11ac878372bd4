// What a record of the old worker API means in this one: a body as its creator would send it, and how the object stands. Pure: whether the
// body keeps all rules is judged by those who judge requests.
import { isUuid, nameId } from '../../foundation/ids/ids.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../foundation/json/json.ts';
import type { LegacyKind, LegacyRecord } from './legacy-record.ts';

/** How an imported worker stands. */
export type LegacyWorkerState = 'idle' | 'offline' | 'removed';

/** How an imported task stands: whoever had it has it no more. */
export type LegacyTaskState = 'pending' | 'dispatched' | 'completed' | 'failed' | 'cancelled';

/** A record as it is imported. */
export interface MappedRecord<State> {
  /** UUID: that of the record, or one that follows from it. */
  readonly id: string;
  /** The body of the request that would create it. */
  readonly body: JsonObject;
  /** Undefined for a word that nobody knows. */
  readonly state: State | undefined;
  /** The word. */
  readonly stateWord: string;
}

/** What is known of a task that has ended. */
export interface LegacyEnd {
  readonly result?: JsonObject;
  readonly errorMessage: string;
  /** Milliseconds since the Unix epoch; absent when the record does not say. */
  readonly createdAtMs?: number;
  readonly startedAtMs?: number;
  readonly completedAtMs?: number;
}

const workerStates: Readonly<Record<string, LegacyWorkerState>> = {
  ...words('idle', '', 'idle', 'active', 'busy', 'online', 'available', 'registered', 'running', 'healthy'),
  ...words('offline', 'offline', 'inactive', 'error', 'failed', 'unhealthy', 'maintenance', 'stopped'),
  ...words('removed', 'removed', 'deleted', 'deregistered'),
};

const taskStates: Readonly<Record<string, LegacyTaskState>> = {
  ...words('pending', '', 'pending', 'created', 'waiting', 'ready'),
  ...words(
    'dispatched',
    'queued',
    'assigned',
    'dispatched',
    'running',
    'in_progress',
    'processing',
    'retrying',
  ),
  ...words('completed', 'completed', 'complete', 'success', 'succeeded', 'done'),
  ...words('failed', 'failed', 'error', 'timeout', 'timed_out'),
  ...words('cancelled', 'cancelled', 'canceled', 'skipped', 'aborted'),
};

const priorities: Readonly<Record<string, number>> = {
  low: 1,
  normal: 2,
  medium: 2,
  high: 3,
  critical: 4,
  urgent: 4,
  emergency: 5,
};

function words<T extends string>(state: T, ...all: readonly string[]): Record<string, T> {
  return Object.fromEntries(all.map((word) => [word, state]));
}

/** The id of a record here: its own where that is a UUID, else always the same one for this tenant, kind and id. */
export function importedId(tenantId: string, kind: LegacyKind, id: string): string {
  return isUuid(id) ? id.toLowerCase() : nameId(`${kind}:${id}`, tenantId);
}

/** A worker. */
export function mapAgent(tenantId: string, { id, fields }: LegacyRecord): MappedRecord<LegacyWorkerState> {
  const stateWord = wordOf(fields, 'status', 'state');
  const isRemoved = fields.is_active === false || fields.is_active === 'false' || fields.is_active === 0;
  const endpoint = first(fields, 'endpoint', 'url', 'endpoint_url');
  const body = given({
    type: lowered(first(fields, 'type', 'agent_type')),
    name: first(fields, 'name', 'agent_name') ?? id,
    protocol: lowered(first(fields, 'protocol')) ?? (endpoint ? undefined : 'pull'),
    endpoint,
    capabilities: listOf(first(fields, 'capabilities')),
    version: first(fields, 'version'),
    metadata: first(fields, 'metadata'),
    health_check_interval: first(fields, 'health_check_interval', 'heartbeat_interval'),
    max_concurrent_tasks: first(fields, 'max_concurrent_tasks', 'max_tasks'),
  });
  const state = isRemoved ? 'removed' : workerStates[stateWord];
  return { id: importedId(tenantId, 'agents', id), body, state, stateWord };
}

/** A lone task, which may be put to a workflow. */
export function mapTask(tenantId: string, { id, fields }: LegacyRecord): MappedRecord<LegacyTaskState> {
  const stateWord = wordOf(fields, 'status', 'state');
  const workflowId = first(fields, 'workflow_id');
  const body = given({
    ...taskFields(fields, id),
    workflow_id: workflowId === undefined ? undefined : importedId(tenantId, 'workflows', String(workflowId)),
  });
  return { id: importedId(tenantId, 'tasks', id), body, state: taskStates[stateWord], stateWord };
}

/** How a task ended, as far as its record says. */
export function legacyEnd({ fields }: LegacyRecord): LegacyEnd {
  const result = first(fields, 'result', 'output', 'output_data');
  const error = first(fields, 'error_message', 'error');
  const [createdAtMs, startedAtMs, completedAtMs] = ['created_at', 'started_at', 'completed_at'].map((name) =>
    timeMs(fields[name]),
  );
  return {
    ...(result !== undefined && { result: isJsonObject(result) ? result : { value: result } }),
    errorMessage: error === undefined ? '' : String(error),
    ...(createdAtMs !== undefined && { createdAtMs }),
    ...(startedAtMs !== undefined && { startedAtMs }),
    ...(completedAtMs !== undefined && { completedAtMs }),
  };
}

/** A workflow, which is imported without its executions: its old state is kept in its metadata. `taskOf` finds tasks that it names by id alone. */
export async function mapWorkflow(
  tenantId: string,
  { id, fields }: LegacyRecord,
  taskOf: (id: string) => Promise<LegacyRecord | undefined>,
): Promise<MappedRecord<'created'>> {
  const stateWord = wordOf(fields, 'status', 'state');
  const metadata = first(fields, 'metadata');
  const configuration = isJsonObject(fields.configuration) ? fields.configuration : {};
  const kept: JsonObject = stateWord === '' || stateWord === 'created' ? {} : { imported_status: stateWord };
  const dependencies = listOf(first(fields, 'dependencies'));
  const body = given({
    name: first(fields, 'name') ?? id,
    description: first(fields, 'description') ?? first(fields, 'name') ?? id,
    user_id: first(fields, 'user_id', 'created_by'),
    tasks: await workflowTasks(first(fields, 'tasks') ?? configuration.tasks, taskOf),
    schedule: first(fields, 'schedule') ?? configuration.schedule,
    dependencies: Array.isArray(dependencies)
      ? dependencies.map((each) => importedId(tenantId, 'workflows', String(each)))
      : dependencies,
    environment: first(fields, 'environment') ?? configuration.environment,
    metadata: metadata === undefined || isJsonObject(metadata) ? { ...metadata, ...kept } : metadata,
  });
  return { id: importedId(tenantId, 'workflows', id), body, state: 'created', stateWord };
}

async function workflowTasks(
  value: JsonValue | undefined,
  taskOf: (id: string) => Promise<LegacyRecord | undefined>,
): Promise<JsonValue | undefined> {
  if (!Array.isArray(value)) return value;
  const tasks: JsonValue[] = [];
  for (const [at, item] of value.entries()) {
    const named = typeof item === 'string' ? await taskOf(item) : undefined;
    const fields = isJsonObject(item) ? item : named?.fields;
    if (!fields) {
      tasks.push(item); // it is refused with its place
      continue;
    }
    const legacyKey = first(fields, 'key', 'id', 'task_id') ?? named?.id ?? String(at + 1);
    const parents = listOf(first(fields, 'depends_on', 'dependencies'));
    tasks.push(
      given({
        ...taskFields(fields, String(legacyKey)),
        key: keyOf(legacyKey),
        depends_on: Array.isArray(parents) ? parents.map(keyOf) : parents,
      }),
    );
  }
  return tasks;
}

// Keys begin with a letter; ids of the old API need not.
function keyOf(value: JsonValue): JsonValue {
  const text = String(value);
  return /^[A-Za-z]/.test(text) ? text : `task_${text}`;
}

function taskFields(fields: JsonObject, id: string): Record<string, JsonValue | undefined> {
  const name = first(fields, 'name', 'title') ?? id;
  return {
    type: lowered(first(fields, 'type', 'task_type')),
    name,
    description: first(fields, 'description') ?? name,
    input_data: first(fields, 'input_data', 'input', 'payload', 'data'),
    priority: priorityOf(first(fields, 'priority')),
    required_capabilities: listOf(first(fields, 'required_capabilities', 'capabilities')),
    timeout: first(fields, 'timeout', 'timeout_seconds'),
    max_retries: first(fields, 'max_retries'),
    tags: listOf(first(fields, 'tags')),
  };
}

function first(fields: JsonObject, ...names: readonly string[]): JsonValue | undefined {
  return names
    .map((name) => fields[name])
    .find((value) => value !== undefined && value !== null && value !== '');
}

function given(fields: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as JsonObject;
}

function wordOf(fields: JsonObject, ...names: readonly string[]): string {
  const word = String(first(fields, ...names) ?? '').toLowerCase();
  return word.slice(word.lastIndexOf('.') + 1); // `TaskStatus.PENDING` as Python writes its enumerations
}

function lowered(value: JsonValue | undefined): JsonValue | undefined {
  if (typeof value !== 'string') return value;
  return value.toLowerCase().slice(value.lastIndexOf('.') + 1);
}

function priorityOf(value: JsonValue | undefined): JsonValue | undefined {
  const word = lowered(value);
  if (typeof word !== 'string') return word;
  return priorities[word] ?? (/^\d+$/.test(word) ? Number(word) : word);
}

/** A list may be one text with commas, and its items may be objects with a name. */
function listOf(value: JsonValue | undefined): JsonValue | undefined {
  if (typeof value === 'string') return value.split(',').map((item) => item.trim());
  if (!Array.isArray(value)) return value;
  return value.map((item) => (isJsonObject(item) ? (item.name ?? item) : item));
}

/** A time as ISO text, which means UTC where it names no zone, or as seconds or milliseconds since the Unix epoch. */
function timeMs(value: JsonValue | undefined): number | undefined {
  if (typeof value === 'number') return value < 1e11 ? value * 1_000 : value;
  if (typeof value !== 'string' || value === '') return undefined;
  const ms = Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/i.test(value) ? value : `${value}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}
