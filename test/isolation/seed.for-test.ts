// A tenant that holds one object of every kind, with a word in each of their texts that nothing else contains. It is the tenant that nobody
// else may see; what is tried on it is written elsewhere.
import { createHash } from 'node:crypto';
import { smallPng } from '../../local/demo/attach-image.ts';
import { pollUntil } from '../../local/demo/demo-run.ts';
import { bodyOf, type RestClient } from '../../local/rest-client.ts';
import type { ExecutionDocument, PatchList, SessionDocument } from '../../local/rest-documents.ts';
import { agentDocument, domainDocument, playbook, toolDocument } from '../e2e/sample-definitions.ts';
import { reportOnceEnded, type TestMesh } from '../e2e/test-mesh.ts';

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
const base = '/api/v1';
const text = (what: string) => `${what} ${canary}`;
const ownText = (what: string) => `${what} ${canary} ${ownCanary}`;
const domainId = 'isolated_works';
const toolName = 'isolated_tool';
const goldenSet = 'isolated_set';
const approval = {
  ...{ id: 'approval-crew', kind: 'approval', prompt: text('Send a crew?'), roles: ['editor', 'admin'] },
};

type Made = Record<string, string>;

/** Makes the tenant and everything in it, through REST alone. */
export async function seedTenant(mesh: TestMesh, tenant = `${canary}-town`): Promise<Seed> {
  const alice = await mesh.as(tenant, 'alice');
  const client = await mesh.client(tenant, 'alice');
  const users = await meetPeople(mesh, tenant);
  const made: Made = { user_id: users.alice, created_by: users.alice };
  await makeDefinitions(alice, made);
  const weakKey = await makePeople(alice, made);
  await makeReport(alice, await client.uploadImage(new Uint8Array(smallPng), 'image/png'), made);
  await makeGate(alice, made);
  const own = await makeConversation(alice, made);
  const { tenant_id } = bodyOf(await alice.get<{ tenant_id: string }>(`${base}/me`), 200, 'Reading me');
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
  } as Made;
}

async function meetPeople(mesh: TestMesh, tenant: string): Promise<Readonly<Record<Person, string>>> {
  const met = Object.entries(people).map(async ([person, role]) => {
    const api = await mesh.as(tenant, person, [role]);
    return [person, bodyOf(await api.get<{ id: string }>(`${base}/me`), 200, 'Reading me').id];
  });
  return Object.fromEntries(await Promise.all(met));
}

async function create(api: RestClient, path: string, body: object): Promise<Made> {
  const answer = await api.post<Made>(base + path, body);
  return bodyOf(answer, answer.status === 202 ? 202 : 201, `POST ${path}`);
}

async function makeDefinitions(api: RestClient, made: Made): Promise<void> {
  const words = {
    agent_class: 'ingestion',
    agent_name: text('Reader'),
    system_prompt: text('Read.'),
    description: text('Reads'),
  };
  const credentials = { key: text('secret') };
  const tool = { ...{ auth_method: 'api_key', credentials }, description: text('Tool') };
  const { agent_id } = await create(api, '/agents', agentDocument(words));
  await create(api, '/tools', toolDocument(toolName, tool));
  await create(api, '/tool-access/grant', { agent_id, tool_name: toolName });
  const what = 'builtin-query-what';
  const domain = domainDocument(domainId, {
    ...{ domain_name: text('Works'), description: text('Works') },
    query_playbook: playbook([approval, what], [[approval.id, what]]),
  });
  await create(api, '/domains', domain);
  const row = { input: { text: text('A pothole on Main Street') }, expected: { urgency: 'moderate' } };
  const set = { playbook: 'ingestion', rows: [row], thresholds: { precision: 0.1, recall: 0.1 } };
  const put = await api.put(`${base}/domains/${domainId}/golden-sets/${goldenSet}`, set);
  bodyOf(put, 201, 'Putting a golden set');
  Object.assign(made, { agent_id, domain_id: domainId, tool_name: toolName, golden_set: goldenSet });
  Object.assign(made, { name: goldenSet, set_name: goldenSet });
}

async function makePeople(api: RestClient, made: Made): Promise<string> {
  const team = await create(api, '/teams', { team_name: text('Crew'), members: [made.user_id] });
  const wanted = { name: text('Key'), kind: 'service', permissions: ['health:read'] };
  const key = await create(api, '/auth/keys', wanted);
  const point = { type: 'Point', coordinates: [-71.06, 42.36] };
  const settings = { home_area: { name: text('Home'), point }, time_zone: 'America/New_York' };
  bodyOf(await api.put(`${base}/tenant/settings`, settings), 200, 'Changing the settings');
  const [weakKey = '', id = ''] = [key.api_key, team.id];
  const key_hash = createHash('sha256').update(weakKey).digest('hex');
  Object.assign(made, { id, team_id: id, key_id: key.key_id, key_hash });
  return weakKey;
}

async function makeReport(api: RestClient, image: string, made: Made): Promise<void> {
  const dataUrl = `data:image/png;base64,${smallPng.toString('base64')}`;
  const words = {
    text: text('Since Monday a deep pothole on Main Street in Worcester, Massachusetts.'),
    source: canary,
  };
  const report = { domain_id: domainId, ...words, images: [dataUrl] };
  const { incident_id = '', job_id } = await create(api, '/reports', report);
  const { images } = await reportOnceEnded(api, incident_id);
  const change = { status: 'assigned', management_data: { note: text('note') } };
  bodyOf(await api.put(`${base}/reports/${incident_id}`, change), 200, 'Changing a report');
  const listed = await api.get<PatchList>(`${base}/reports/${incident_id}/patches`);
  const { patches } = bodyOf(listed, 200, 'Listing patches');
  Object.assign(made, { incident_id, job_id, patch_id: patches[0]?.patch_id, image_url: image });
  Object.assign(made, { image, object_key: images[0]?.object_key });
}

async function makeGate(api: RestClient, made: Made): Promise<void> {
  const candidate = { playbook: playbook(['builtin-ingestion-geo', 'builtin-ingestion-temporal']) };
  const started = await create(api, `/domains/${domainId}/gate`, { golden_set: goldenSet, candidate });
  const path = `${base}/domains/${domainId}/gate/${started.gate_id}`;
  const read = async () => bodyOf(await api.get<{ status: string }>(path), 200, 'Reading a gate');
  await pollUntil(read, ({ status }) => status !== 'running', never);
  Object.assign(made, { gate_id: started.gate_id });
}

interface Conversation {
  /** Of the run that waits. */
  readonly names: Names;
  /** Of all that is its owner's alone. */
  readonly ids: readonly string[];
}

// One question that was answered after its approval, and one that still waits for it.
async function makeConversation(api: RestClient, made: Made): Promise<Conversation> {
  const session = await create(api, '/sessions', { domain_id: domainId, title: ownText('Talk') });
  const { session_id = '' } = session;
  const ask = { session_id, domain_id: domainId, question: ownText('Which potholes are open,') };
  const answered = await create(api, '/queries', ask);
  await waitForApproval(api, answered.job_id);
  const approve = `${base}/executions/${answered.job_id}/tasks/${approval.id}/approve`;
  bodyOf(await api.post(approve, { comment: text('Go') }), 200, 'Approving');
  const read = async () =>
    bodyOf(await api.get<{ status: string }>(`${base}/queries/${answered.query_id}`), 200, 'Reading');
  await pollUntil(read, ({ status }) => status !== 'processing', never);
  const waiting = await create(api, '/queries', ask);
  await waitForApproval(api, waiting.job_id);
  const { messages } = bodyOf(await api.get<SessionDocument>(`${base}/sessions/${session_id}`), 200, 'Talk');
  const message_id = (messages[0] as { message_id?: string } | undefined)?.message_id ?? '';
  const { query_id = '', job_id = '' } = answered;
  Object.assign(made, { session_id, query_id, message_id, task_id: 'builtin-ingestion-geo' });
  const names = { query_id: waiting.query_id ?? '', job_id: waiting.job_id ?? '' };
  const ids = [session_id, query_id, job_id, message_id, ...Object.values(names)];
  return { names: { ...names, task_id: approval.id }, ids };
}

async function waitForApproval(api: RestClient, jobId = ''): Promise<void> {
  const path = `${base}/executions/${jobId}`;
  const read = async () => bodyOf(await api.get<ExecutionDocument>(path), 200, 'Reading a run');
  const waits = ({ plan }: ExecutionDocument) =>
    plan.nodes.some(({ status }) => status === 'waiting_approval');
  await pollUntil(read, waits, never);
}
