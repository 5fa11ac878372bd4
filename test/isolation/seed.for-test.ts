// A tenant that holds one object of every kind, with a word in each of their texts that nothing else contains. It is the tenant that nobody
// else may see; what is tried on it is written elsewhere.
import { createHash } from 'node:crypto';
import type { ApiClient } from '../../clients/api/api-client.ts';
import type { ApprovalNode, Execution, NewGoldenSet } from '../../clients/api/gen/api-types.ts';
import { smallPng } from '../../local/demo/attach-image.ts';
import { pollUntil } from '../../local/demo/demo-run.ts';
import { createAgent, createDomain, createTool, grantTool, playbook } from '../e2e/sample-definitions.ts';
import { queryOnceEnded, reportOnceEnded, type TestMesh } from '../e2e/test-mesh.ts';

/** Stands in every text of the tenant, and in nothing that anybody else sends. */
export const canary = 'quetzal';

/** Stands in the texts that belong to `alice` alone. */
export const ownCanary = 'axolotl';

/** What a path part, a member of a body or a field of a message is called, and whose value of that name the tenant has. */
export type Names = Readonly<Record<string, string>>;

/** The seeded tenant. */
export interface Seed {
  readonly tenant: string;
  readonly tenantId: string;
  /** Of what all of the tenant may see. */
  readonly names: Names;
  /** Of what belongs to its owner alone: a run of a question in place of one of a report. */
  readonly ownNames: Names;
  /** Ids and texts that nobody outside may be told. */
  readonly secrets: readonly string[];
  /** Those of them that nobody but `alice` may be told. */
  readonly ownSecrets: readonly string[];
  /** An API key of the tenant that may do nothing but ask for its health. */
  readonly weakKey: string;
  /** User ids of the people of the tenant. */
  readonly users: Readonly<Record<Person, string>>;
}

/** The people of the tenant; `alice` owns everything, `carol` is an admin as well. */
export const people = { alice: 'admin', carol: 'admin', edgar: 'editor', vera: 'viewer' } as const;

/** One of them. */
export type Person = keyof typeof people;

const never = new AbortController().signal;
const text = (what: string) => `${what} ${canary}`;
const ownText = (what: string) => `${what} ${canary} ${ownCanary}`;
const domainId = 'isolated_works';
const toolName = 'isolated_tool';
const goldenSet = 'isolated_set';
const approval: ApprovalNode = {
  ...{ id: 'approval-crew', kind: 'approval', prompt: text('Send a crew?'), roles: ['editor', 'admin'] },
};

type Made = Record<string, string>;

/** Makes the tenant and everything in it, through REST alone. */
export async function seedTenant(mesh: TestMesh, tenant = `${canary}-town`): Promise<Seed> {
  const alice = await mesh.as(tenant, 'alice');
  const users = await meetPeople(mesh, tenant);
  const made: Made = { user_id: users.alice, created_by: users.alice };
  await makeDefinitions(alice, made);
  const weakKey = await makePeople(alice, made);
  await makeReport(alice, await alice.uploadImage(new Uint8Array(smallPng), 'image/png'), made);
  await makeGate(alice, made);
  await makeWork(alice, made);
  const own = await makeConversation(alice, made);
  const { tenant_id } = await alice.get('/api/v1/me');
  const names = { ...made, ...namesInMessages({ ...made, tenant_id }) };
  const ownSecrets = [...own.ids, ownCanary];
  return {
    ...{ tenant, tenantId: tenant_id, names, ownNames: { ...names, ...own.names }, weakKey, users },
    secrets: [...new Set([...Object.values(names), ...ownSecrets, canary])].filter(
      (name) => !name.startsWith('builtin-'),
    ),
    ownSecrets,
  };
}

// What the mesh calls by other names, or by the bare ids inside the public ones.
function namesInMessages(made: Made): Made {
  const uuid = (id = '') => id.replace(/^[a-z]+_(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return {
    ...{ tenant_id: made.tenant_id, entity_id: made.agent_id, reference_id: made.incident_id },
    ...{ execution_id: uuid(made.job_id), 'CreateReportRequest.id': uuid(made.incident_id) },
    ...{ 'CreateQueryJobRequest.id': uuid(made.query_id), 'MakePatchRequest.id': uuid(made.patch_id) },
    'ForceBreakerRequest.name': made.service,
  } as Made;
}

async function meetPeople(mesh: TestMesh, tenant: string): Promise<Readonly<Record<Person, string>>> {
  const met = Object.entries(people).map(async ([person, role]) => {
    const api = await mesh.as(tenant, person, [role]);
    return [person, (await api.get('/api/v1/me')).id];
  });
  return Object.fromEntries(await Promise.all(met));
}

async function makeDefinitions(api: ApiClient, made: Made): Promise<void> {
  const words = {
    agent_class: 'ingestion' as const,
    agent_name: text('Reader'),
    system_prompt: text('Read.'),
    description: text('Reads'),
  };
  const credentials = { key: text('secret') };
  const agent_id = await createAgent(api, words);
  await createTool(api, toolName, { auth_method: 'api_key', credentials, description: text('Tool') });
  await grantTool(api, agent_id, toolName);
  const what = 'builtin-query-what';
  await createDomain(api, domainId, {
    ...{ domain_name: text('Works'), description: text('Works') },
    query_playbook: playbook([approval, what], [[approval.id, what]]),
  });
  const row = { input: { text: text('A pothole on Main Street') }, expected: { urgency: 'moderate' } };
  const set: NewGoldenSet = {
    ...{ playbook: 'ingestion', rows: [row], thresholds: { precision: 0.1, recall: 0.1 } },
  };
  const path = { domain_id: domainId, name: goldenSet };
  await api.put('/api/v1/domains/{domain_id}/golden-sets/{name}', { path, body: set });
  Object.assign(made, { agent_id, domain_id: domainId, tool_name: toolName, golden_set: goldenSet });
  Object.assign(made, { service: `tool:${toolName}` });
  Object.assign(made, { name: goldenSet, set_name: goldenSet });
}

async function makePeople(api: ApiClient, made: Made): Promise<string> {
  const crew = { team_name: text('Crew'), members: [made.user_id ?? ''] };
  const team = await api.post('/api/v1/teams', { body: crew });
  const wanted = { name: text('Key'), kind: 'service' as const, permissions: ['health:read'] };
  const key = await api.post('/api/v1/auth/keys', { body: wanted });
  const point = { type: 'Point' as const, coordinates: [-71.06, 42.36] };
  const settings = { home_area: { name: text('Home'), point }, time_zone: 'America/New_York' };
  await api.put('/api/v1/tenant/settings', { body: settings });
  const [weakKey, id] = [key.api_key, team.id];
  const key_hash = createHash('sha256').update(weakKey).digest('hex');
  Object.assign(made, { id, team_id: id, key_id: key.key_id, key_hash });
  return weakKey;
}

async function makeReport(api: ApiClient, image: string, made: Made): Promise<void> {
  const dataUrl = `data:image/png;base64,${smallPng.toString('base64')}`;
  const words = {
    text: text('Since Monday a deep pothole on Main Street in Worcester, Massachusetts.'),
    source: canary,
  };
  const body = { domain_id: domainId, ...words, images: [dataUrl] };
  const { incident_id, job_id } = await api.post('/api/v1/reports', { body });
  const { images } = await reportOnceEnded(api, incident_id);
  const change = { status: 'assigned', management_data: { note: text('note') } };
  const report = '/api/v1/reports/{incident_id}';
  await api.put(report, { path: { incident_id }, body: change });
  const { patches } = await api.get(`${report}/patches`, { path: { incident_id } });
  Object.assign(made, { incident_id, job_id, patch_id: patches[0]?.patch_id, image_url: image });
  Object.assign(made, { image, object_key: images[0]?.object_key });
}

async function makeGate(api: ApiClient, made: Made): Promise<void> {
  const candidate = { playbook: playbook(['builtin-ingestion-geo', 'builtin-ingestion-temporal']) };
  const gate = '/api/v1/domains/{domain_id}/gate';
  const path = { domain_id: domainId };
  const { gate_id } = await api.post(gate, { path, body: { golden_set: goldenSet, candidate } });
  const read = () => api.get(`${gate}/{gate_id}`, { path: { ...path, gate_id } });
  await pollUntil(read, ({ status }) => status !== 'running', never);
  Object.assign(made, { gate_id });
}

/** Stays as it is: nobody gives the task away, and the worker is heard of again within an hour. */
async function makeWork(api: ApiClient, made: Made): Promise<void> {
  const worker = { type: 'detector' as const, name: text('Finder'), protocol: 'pull' as const };
  const more = { capabilities: [canary], health_check_interval: 3_600, metadata: { note: text('note') } };
  const { agent_id } = await api.post('/api/v2/agents/register', { body: { ...worker, ...more } });
  const work = { type: 'detection' as const, name: text('Find'), description: text('Find') };
  const input_data = { note: text('note') };
  const { task_id } = await api.post('/api/v2/tasks', { body: { ...work, input_data, tags: [canary] } });
  const graph = { name: text('Survey'), description: text('Survey'), tasks: [{ key: 'find', ...work }] };
  const { workflow_id } = await api.post('/api/v2/workflows', { body: graph });
  Object.assign(made, { 'v2.agent_id': agent_id, 'v2.task_id': task_id, 'v2.workflow_id': workflow_id });
}

interface Conversation {
  /** Of the run that waits. */
  readonly names: Names;
  /** Of all that is its owner's alone. */
  readonly ids: readonly string[];
}

// One question that was answered after its approval, and one that still waits for it.
async function makeConversation(api: ApiClient, made: Made): Promise<Conversation> {
  const talk = { domain_id: domainId, title: ownText('Talk') };
  const { session_id } = await api.post('/api/v1/sessions', { body: talk });
  const body = { session_id, domain_id: domainId, question: ownText('Which potholes are open,') };
  const { query_id, job_id } = await api.post('/api/v1/queries', { body });
  await waitForApproval(api, job_id);
  await api.post('/api/v1/executions/{job_id}/tasks/{task_id}/approve', {
    path: { job_id, task_id: approval.id },
    body: { comment: text('Go') },
  });
  await queryOnceEnded(api, query_id);
  const waiting = await api.post('/api/v1/queries', { body });
  await waitForApproval(api, waiting.job_id);
  const { messages } = await api.get('/api/v1/sessions/{session_id}', { path: { session_id } });
  const message_id = messages[0]?.message_id ?? '';
  Object.assign(made, { session_id, query_id, message_id, task_id: 'builtin-ingestion-geo' });
  const names = { query_id: waiting.query_id, job_id: waiting.job_id };
  const ids = [session_id, query_id, job_id, message_id, ...Object.values(names)];
  return { names: { ...names, task_id: approval.id }, ids };
}

async function waitForApproval(api: ApiClient, job_id: string): Promise<void> {
  const read = () => api.get('/api/v1/executions/{job_id}', { path: { job_id } });
  const waits = ({ plan }: Execution) => plan.nodes.some(({ status }) => status === 'waiting_approval');
  await pollUntil(read, waits, never);
}
