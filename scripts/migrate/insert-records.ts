// Puts imported records where requests put theirs: the same rules judge them and the same stores record them, each in its own transaction with
// its audit entry. Tasks that have ended are recorded as such, without a run.
import { type Fault, invalidArgument } from '../../foundation/fault/fault.ts';
import type { Principal } from '../../foundation/identity/principal.ts';
import { nameId, newId } from '../../foundation/ids/ids.ts';
import type { Postgres } from '../../foundation/postgres/pool.ts';
import type { WriteRecord } from '../../services/orchestrator/core/audit.ts';
import { readLoneTask, timesOf } from '../../services/orchestrator/core/work/task-document.ts';
import { refuseBody } from '../../services/orchestrator/core/work/work-document.ts';
import { loneNodeId, openWork, pinWork } from '../../services/orchestrator/core/work/work-plan.ts';
import { readNewWorker } from '../../services/orchestrator/core/work/worker-document.ts';
import { createPostgresTaskStore } from '../../services/orchestrator/store/postgres-task-store.ts';
import { createPostgresWorkerStore } from '../../services/orchestrator/store/postgres-worker-store.ts';
import type { Imported } from './import-records.ts';
import { insertEndedTask } from './insert-ended-task.ts';
import { type InsertDeps, type InsertParts, isThere, writerOf } from './insert-parts.ts';
import { insertWorkflow } from './insert-workflow.ts';
import type { LegacyRecord } from './legacy-record.ts';
import { legacyEnd, type MappedRecord, mapAgent, mapTask } from './map-legacy.ts';

/** Where records go. */
export interface Inserters {
  readonly agents: (record: LegacyRecord) => Promise<Imported>;
  readonly workflows: (record: LegacyRecord) => Promise<Imported>;
  readonly tasks: (record: LegacyRecord) => Promise<Imported>;
}

/** The inserters for one tenant. Each throws Fault for a record that breaks rules. */
export function createInserters(deps: InsertDeps): Inserters {
  const { tenantId } = deps;
  const principal: Principal = {
    ...{ tenantId, userId: nameId('redis-import', tenantId), username: 'redis-import' },
    roles: ['editor'],
  };
  const parts = { ...deps, principal };
  return { agents: insertAgent(parts), workflows: insertWorkflow(parts), tasks: insertTask(parts) };
}

function insertAgent({ postgres, tenantId, networks, principal }: InsertParts): Inserters['agents'] {
  const workers = createPostgresWorkerStore(postgres);
  return async (record) => {
    const { id, body, state, ...told } = mapAgent(tenantId, record);
    if (state === undefined) throw unknownState(told);
    const key = { tenantId, id };
    const { content, problems } = readNewWorker(body, networks);
    refuseBody(problems);
    if (await isThere(postgres, 'workers', key)) return 'skipped';
    if (await hasNamesake(postgres, { tenantId, ...content })) return 'skipped';
    const about = { entityType: 'worker', entityId: id, ...writerOf(principal) } as const;
    const details = { created: true, type: content.type, protocol: content.protocol, imported: true };
    await workers.register({ ...key, content, createdBy: principal.userId }, () => {
      return { ...about, operation: 'agent_registration', message: 'Imported a worker', details };
    });
    if (state === 'offline') await workers.hear(key, { status: 'offline' });
    if (state === 'removed') {
      const removal = { ...about, operation: 'agent_removal', message: 'Imported as removed' } as const;
      await workers.remove(key, () => ({ ...removal, details: { imported: true } }));
    }
    return 'inserted';
  };
}

function insertTask({ postgres, tenantId, clock, find, principal }: InsertParts): Inserters['tasks'] {
  const tasks = createPostgresTaskStore(postgres);
  return async (record) => {
    const { id, body, state, ...told } = mapTask(tenantId, record);
    if (state === undefined) throw unknownState(told);
    const key = { tenantId, id };
    const wished = readLoneTask(body);
    if (await isThere(postgres, 'tasks', key)) return 'skipped';
    if (await isPartOfWorkflow(find, record)) return 'skipped';
    const { name, type, requiredCapabilities, priority, maxRetries: retriesMax, inputData } = wished.document;
    const about = { entityType: 'task', entityId: id, ...writerOf(principal) } as const;
    const details = { type, priority, imported: true };
    const entry: WriteRecord = { ...about, operation: 'task_creation', message: 'Imported a task', details };
    const isOpen = state === 'pending' || state === 'dispatched';
    const node = { nodeId: loneNodeId, name, type, requiredCapabilities, priority, retriesMax, parents: [] };
    const plan = pinWork({ failurePolicy: 'fail_fast', tasks: [{ ...node, ...timesOf(wished.document) }] });
    const run = openWork(plan);
    if (!run) throw new Error('a plan of a task is one of work');
    const outcome = isOpen
      ? await tasks.create(
          {
            ...{ ...wished, key, run, isDispatched: state === 'dispatched' },
            record: {
              ...{ tenantId, id: newId(), kind: 'task', domainId: '', domainVersion: 0, plan, subjectId: id },
              ...{ input: inputData, principal, priority, createdAtMs: clock() },
            },
          },
          entry,
        )
      : await insertEndedTask(postgres, {
          ...{ key, ...wished, status: state, end: legacyEnd(record), entry },
          ...{ createdBy: principal.userId, nowMs: clock() },
        });
    if (outcome === 'no_workflow')
      throw invalidArgument([{ field: 'workflow_id', reason: 'names no workflow' }]);
    return 'inserted';
  };
}

async function isPartOfWorkflow(find: InsertDeps['find'], { id, fields }: LegacyRecord): Promise<boolean> {
  const { workflow_id: workflowId } = fields;
  if (workflowId === undefined || workflowId === null || workflowId === '') return false;
  const workflow = await find('workflows', String(workflowId));
  const { tasks } = workflow?.fields ?? {};
  if (!Array.isArray(tasks)) return false;
  return tasks.some((task) => task === id || [Object(task).id, Object(task).task_id].includes(id));
}

// Registering would bring the one that is there to the state of the import.
async function hasNamesake(
  postgres: Postgres,
  {
    tenantId,
    name,
    endpoint,
  }: { readonly tenantId: string; readonly name: string; readonly endpoint: string },
): Promise<boolean> {
  const text = 'select from orchestrator.workers where tenant_id = $1 and name = $2 and endpoint = $3';
  const statement = { name: 'orchestrator.import_find_namesake', text, values: [tenantId, name, endpoint] };
  return postgres.tenantRead(tenantId, async (client) => (await client.query(statement)).count > 0);
}

function unknownState({ stateWord }: Pick<MappedRecord<never>, 'stateWord'>): Fault {
  return invalidArgument([{ field: 'status', reason: `${JSON.stringify(stateWord)} is no known state` }]);
}
