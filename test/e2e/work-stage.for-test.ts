// Workers, tasks and workflows of one tenant as tests stage them: made, brought into a state, and looked at as API v2, API v1 and the audit log
// show them.
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { ApiClient } from '../../clients/api/api-client.ts';
import type { CreateTaskBody, CreateWorkflowBody } from '../../clients/api/gen/api-types.ts';
import { pollUntil } from '../../local/demo/demo-run.ts';
import { ensureDatabase } from '../../local/mesh/prepare-stores.ts';
import type { RawAnswer, RawClient } from './raw-client.ts';
import type { TestMesh } from './test-mesh.ts';

/** Stages for one tenant of a mesh. */
export interface WorkStage {
  readonly api: ApiClient;
  readonly raw: RawClient;
  /** A worker that pulls tasks which need `capability`, as its id. */
  register(capability: string, changes?: object): Promise<string>;
  /** A task that needs `capability`, as its id. */
  create(capability: string, changes?: Partial<CreateTaskBody>): Promise<string>;
  /** A workflow of `first` and of `then`, which waits for it; both need `capability`. */
  createWorkflow(capability: string, changes?: Partial<CreateWorkflowBody>): Promise<string>;
  /** What a worker is given at once. */
  claim(worker: string): ReturnType<typeof claimBy>;
  /** The status of an answer, and what it says. */
  answer(task: string, attempt: number, body: object): Promise<RawAnswer>;
  /** `job_…` of a task or a workflow. */
  jobOf(kind: 'tasks' | 'workflows', id: string): Promise<string>;
  steer(jobId: string, verb: 'cancel' | 'pause' | 'resume'): Promise<RawAnswer>;
  /** The row of API v2. */
  row(kind: Kind, id: string): Promise<Row>;
  /** Once the row is so; rejects after a while. */
  onceRow(kind: Kind, id: string, isSo: (row: Row) => boolean): Promise<Row>;
  /** Everything that is told of an object: its row, its run and its audit entries. */
  told(kind: Kind, id: string): Promise<object>;
  /** Operations of the audit entries of an object, the newest first. */
  operations(entityId: string): Promise<readonly string[]>;
}

/** What API v2 calls them in its paths. */
export type Kind = 'agents' | 'tasks' | 'workflows';

/** A row as it was answered. */
export type Row = Readonly<Record<string, unknown>>;

/** A capability that nothing else needs or has. */
export const newCapability = (): string => `c-${randomUUID()}`;

const claimBy = (api: ApiClient, agent_id: string) =>
  api.post('/api/v2/agents/{agent_id}/tasks/claim', { path: { agent_id }, body: { wait_s: 0, max: 5 } });

/** Stages as an admin of the tenant. */
export async function stageWork(mesh: TestMesh, tenant: string): Promise<WorkStage> {
  const [api, raw] = [await mesh.as(tenant, 'alice'), await mesh.raw(tenant, 'alice')];
  const row = async (kind: Kind, id: string) => (await raw('GET', `/api/v2/${kind}/${id}`)).body as Row;
  const onceRow: WorkStage['onceRow'] = (kind, id, isSo) =>
    pollUntil(() => row(kind, id), isSo, AbortSignal.timeout(10_000));
  const operations = async (entity_id: string) => {
    const { entries } = await api.get('/api/v1/audit', { query: { entity_id } });
    return entries.map(({ operation_type }) => operation_type);
  };
  return {
    ...{ api, raw, row, onceRow, operations, ...makers(api) },
    claim: (worker) => claimBy(api, worker),
    answer: (task, attempt, body) =>
      raw('POST', `/api/v2/tasks/${task}/attempts/${attempt}/result`, { body }),
    jobOf: async (kind, id) => String((await row(kind, id)).job_id),
    steer: (jobId, verb) => raw('POST', `/executions/${jobId}/${verb}`),
    async told(kind, id) {
      const told = await row(kind, id);
      const run =
        typeof told.job_id === 'string' ? await raw('GET', `/executions/${told.job_id}`) : undefined;
      return { row: told, run: run?.body, entries: await operations(id) };
    },
  };
}

function makers(api: ApiClient): Pick<WorkStage, 'register' | 'create' | 'createWorkflow'> {
  const work = { type: 'detection', name: 'Find potholes', description: 'In a picture' } as const;
  return {
    async register(capability, changes = {}) {
      const about = { type: 'detector', name: `Finder ${randomUUID()}`, protocol: 'pull' } as const;
      const body = { ...about, capabilities: [capability], health_check_interval: 3_600, ...changes };
      return (await api.post('/api/v2/agents/register', { body })).agent_id;
    },
    async create(capability, changes = {}) {
      const body = { ...work, required_capabilities: [capability], ...changes };
      return (await api.post('/api/v2/tasks', { body })).task_id;
    },
    async createWorkflow(capability, changes = {}) {
      const task = { ...work, required_capabilities: [capability], max_retries: 0 };
      const tasks = [
        { ...task, key: 'first' },
        { ...task, key: 'then', depends_on: ['first'] },
      ];
      const body = { name: 'Survey', description: 'Finds and tells', tasks, ...changes };
      return (await api.post('/api/v2/workflows', { body })).workflow_id;
    },
  };
}

/** Does as the owner of the database what else only time or a breaker does. */
export async function inDatabase(mesh: TestMesh, text: string, values: readonly unknown[]): Promise<void> {
  const client = new pg.Client({ connectionString: await ensureDatabase(mesh.databases.adminUrl) });
  await client.connect();
  try {
    await client.query(text, [...values]);
  } finally {
    await client.end();
  }
}
