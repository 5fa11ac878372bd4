// Who may call which route of API v2: each by the one permission that its row names, people by their roles. The routes come from the served
// description, so that a new one is held here without a line.
import { type ServiceError, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ApiClient } from '../../clients/api/api-client.ts';
import { newId } from '../../foundation/ids/ids.ts';
import { actions, resources, workPermissions } from '../../gateway/core/permission.ts';
import { freePort } from '../../local/databases/free-port.ts';
import { WorkerGateService } from '../../proto/gen/domainflow/workers/v1/worker_gate_service_pb.js';
import { type ApiDocument, type DescribedOperation, operationsOf } from '../described/operations.for-test.ts';
import { unlimited } from '../described/unlimited.for-test.ts';
import { type RawAnswer, requestTo, sendRaw } from '../isolation/rest-request.for-test.ts';
import { createGrpcJsClient } from '../mesh/grpc-js-client.ts';
import { startTestMesh, type TestMesh } from './test-mesh.ts';

jest.setTimeout(60_000);

/** SPEC S11, the column "Permission". */
const specified: Readonly<Record<string, string>> = {
  'POST /agents/register': 'agent:register',
  'GET /agents': 'agent:read',
  'GET /agents/{agent_id}': 'agent:read',
  'POST /agents/{agent_id}/heartbeat': 'agent:register',
  'PUT /agents/{agent_id}': 'agent:register',
  'DELETE /agents/{agent_id}': 'agent:register',
  'POST /agents/bulk/{operation}': 'agent:admin',
  'POST /tasks': 'task:create',
  'GET /tasks': 'task:read',
  'GET /tasks/{task_id}': 'task:read',
  'POST /tasks/{task_id}/assign/{agent_id}': 'task:assign',
  'POST /agents/{agent_id}/tasks/claim': 'agent:register',
  'POST /tasks/{task_id}/attempts/{attempt}/result': 'agent:register',
  'POST /tasks/{task_id}/execute': 'task:create',
  'DELETE /tasks/{task_id}': 'task:create',
  'POST /workflows': 'workflow:create',
  'GET /workflows': 'workflow:read',
  'GET /workflows/{workflow_id}': 'workflow:read',
  'POST /workflows/{workflow_id}/execute': 'workflow:execute',
  'DELETE /workflows/{workflow_id}': 'workflow:execute',
  'GET /health/database': 'system:health',
  'GET /statistics/agents': 'system:read',
  'GET /status': 'system:read',
  'GET /info': 'system:read',
  'GET /health/kafka': 'system:health',
};

const everything = [
  ...resources.flatMap((resource) => actions.map((action) => `${resource}:${action}`)),
  ...workPermissions,
];

let mesh: TestMesh;
let admin: ApiClient;
let grpcPort: number;
let operations: readonly DescribedOperation[];
/** Objects that every request names: they are there, and are gone one after the other. */
let names: Readonly<Record<string, string>>;

beforeAll(async () => {
  grpcPort = await freePort();
  mesh = await startTestMesh({}, { ...unlimited, GRPC_PORT: String(grpcPort) });
  admin = await mesh.as('acme', 'alice');
  const answer = await fetch(`${mesh.gatewayUrl}/api/v1/openapi.json`);
  operations = operationsOf((await answer.json()) as ApiDocument).filter(({ path }) => isWork(path));
  names = await madeWork();
});

afterAll(() => mesh?.close());

const isWork = (path: string) => path.startsWith('/api/v2/');
const nameOf = ({ method, path }: DescribedOperation) => `${method} ${path}`;

async function madeWork(): Promise<Readonly<Record<string, string>>> {
  const worker = { type: 'detector', name: 'Finder', protocol: 'pull' } as const;
  const { agent_id } = await admin.post('/api/v2/agents/register', { body: worker });
  const work = { type: 'detection', name: 'Find potholes', description: 'In a picture' } as const;
  const { task_id } = await admin.post('/api/v2/tasks', { body: work });
  const graph = { name: 'Survey', description: 'Finds', tasks: [{ key: 'find', ...work }] };
  const { workflow_id } = await admin.post('/api/v2/workflows', { body: graph });
  return { user_id: newId(), 'v2.agent_id': agent_id, 'v2.task_id': task_id, 'v2.workflow_id': workflow_id };
}

async function newKey(permissions: readonly string[]): Promise<string> {
  const body = { name: 'machine', kind: 'service' as const, permissions: [...permissions] };
  return (await admin.post('/api/v1/auth/keys', { body })).api_key;
}

function ask(operation: DescribedOperation, credential: string): Promise<RawAnswer> {
  const request = requestTo(operation, names);
  // What is asked for is not what is waited for here.
  const body = request.body?.replace(/"wait_s":\d+/, '"wait_s":0');
  return sendRaw(mesh.gatewayUrl, { ...request, body }, { authorization: `Bearer ${credential}` });
}

/** What of each operation is not as `faultIn` wants it. */
async function faultsOf(faultIn: (operation: DescribedOperation) => Promise<string | undefined>) {
  expect(operations.length).toBeGreaterThanOrEqual(Object.keys(specified).length);
  const faults: string[] = [];
  for (const operation of operations) {
    const fault = await faultIn(operation);
    if (fault !== undefined) faults.push(`${nameOf(operation)}: ${fault}`);
  }
  return faults;
}

const shortly = ({ status: sent, body }: RawAnswer) => `${sent} ${body.slice(0, 300)}`;

/** `undefined` for a 403 that says what is missing. */
function refusalFault(answer: RawAnswer, missing: string): string | undefined {
  const problem = answer.status === 403 ? JSON.parse(answer.body) : {};
  const says = `${problem.detail}`.includes(missing) && problem.message === problem.detail;
  return says && problem.error_code === 'ERR_403' ? undefined : shortly(answer);
}

/** `undefined` for whatever is told to who may ask. */
function grantFault(answer: RawAnswer): string | undefined {
  const isServed = answer.status < 300 || [404, 409, 422].includes(answer.status);
  return isServed ? undefined : shortly(answer);
}

describe('every route of API v2', () => {
  it('takes the permission that S11 names', () => {
    const told = operations.map((each) => [nameOf(each).replace('/api/v2', ''), each.permission]);
    expect(Object.fromEntries(told)).toMatchObject(specified);
    expect(operations.filter(({ permission = '' }) => !everything.includes(permission))).toEqual([]);
  });

  it('refuses a key that may do everything else, and names what is missing', async () => {
    const keys = new Map<string, string>();
    const wanted = new Set(operations.map(({ permission = '' }) => permission));
    for (const permission of wanted) {
      keys.set(permission, await newKey(everything.filter((each) => each !== permission)));
    }
    const before = await standing();
    const faults = await faultsOf(async (operation) => {
      const { permission = '' } = operation;
      return refusalFault(await ask(operation, keys.get(permission) ?? ''), permission);
    });
    expect(faults).toEqual([]);
    expect(await standing()).toEqual(before);
  });

  it('refuses every permission of other resources, and takes all those of its own', async () => {
    const groups = new Set(operations.map(({ permission = '' }) => permission.split(':')[0] ?? ''));
    const keys = new Map<string, Record<'others' | 'own', string>>();
    for (const group of groups) {
      const others = everything.filter((each) => !each.startsWith(`${group}:`));
      keys.set(group, { others: await newKey(others), own: await newKey([`${group}:*`]) });
    }
    const faults = await faultsOf(async (operation) => {
      const { permission = '', method } = operation;
      const { others = '', own = '' } = keys.get(permission.split(':')[0] ?? '') ?? {};
      const refused = refusalFault(await ask(operation, others), permission);
      return refused ?? (method === 'GET' ? grantFault(await ask(operation, own)) : undefined);
    });
    expect(faults).toEqual([]);
  });

  it('is refused to roles below its own, and to no others', async () => {
    const roles = ['viewer', 'editor', 'admin'];
    const tokens = await Promise.all(roles.map((role) => mesh.token('acme', `${role}-person`, [role])));
    const faults = await faultsOf(async (operation) => {
      const { role: least = '', method } = operation;
      for (const [rank, token] of tokens.entries()) {
        const mayAsk = rank >= roles.indexOf(least);
        if (mayAsk && method !== 'GET') continue;
        const answer = await ask(operation, token);
        const fault = mayAsk ? grantFault(answer) : refusalFault(answer, `the role ${least}`);
        if (fault !== undefined) return `${roles[rank]}: ${fault}`;
      }
      return undefined;
    });
    expect(faults).toEqual([]);
  });

  it('serves a key that may do just this', async () => {
    const keys = new Map<string, string>();
    for (const permission of new Set(operations.map((each) => each.permission ?? ''))) {
      keys.set(permission, await newKey([permission]));
    }
    const faults = await faultsOf(async (operation) =>
      grantFault(await ask(operation, keys.get(operation.permission ?? '') ?? '')),
    );
    expect(faults).toEqual([]);
  });
});

describe('the gate for workers that speak gRPC', () => {
  it('takes the permission to register workers, and no other', async () => {
    const client = createGrpcJsClient(`127.0.0.1:${grpcPort}`);
    const { claim, endAttempt, heartbeat, register } = WorkerGateService.method;
    const codes = async (permissions: readonly string[]) => {
      const call = { token: await newKey(permissions), timeoutMs: 10_000 };
      const calls = [
        client.unary(register, { worker: {} }, call),
        client.unary(heartbeat, { workerId: newId() }, call),
        client.unary(claim, { workerId: newId() }, call),
        client.unary(endAttempt, { taskId: newId(), attempt: 1, result: { output: {} } }, call),
      ];
      const outcomes = await Promise.allSettled(calls);
      return outcomes.map((outcome) =>
        outcome.status === 'rejected' ? (outcome.reason as ServiceError).code : status.OK,
      );
    };
    try {
      const others = everything.filter((each) => each !== 'agent:register');
      expect(await codes(others)).toEqual(Array(4).fill(status.PERMISSION_DENIED));
      expect(await codes(['agent:register'])).toEqual([
        ...[status.INVALID_ARGUMENT, status.NOT_FOUND, status.NOT_FOUND, status.NOT_FOUND],
      ]);
    } finally {
      client.close();
    }
  });
});

/** All that a refusal must leave as it is. */
async function standing() {
  const [agents, tasks, workflows] = await Promise.all([
    admin.get('/api/v2/agents'),
    admin.get('/api/v2/tasks'),
    admin.get('/api/v2/workflows'),
  ]);
  return { agents: agents.agents, tasks: tasks.tasks, workflows: workflows.workflows };
}
