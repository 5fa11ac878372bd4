// What a mesh is used for before it is lost, and what its users read of that: the same before and after, where nothing was lost.
import { isDeepStrictEqual } from 'node:util';
import type { ApiClient } from '../../clients/api/api-client.ts';
import { pollUntil, sampleDomain } from '../../local/demo/demo-run.ts';
import { readComplaints } from '../../local/demo/sample.ts';

/** What was made of it so far. */
export interface Life {
  readonly reports: readonly string[];
  readonly sessions: readonly string[];
  readonly agents: readonly string[];
  readonly tasks: readonly string[];
}

/** Nothing yet. */
export const noLife: Life = { reports: [], sessions: [], agents: [], tasks: [] };

/** Lives a while: so many reports, a question on them, an agent and a task that waits for a worker. Resolves when everything has ended that ends. */
export async function live(api: ApiClient, count: number, signal: AbortSignal): Promise<Life> {
  const complaints = await readComplaints();
  const texts = Array.from({ length: count }, (_, at) => complaints[at % complaints.length]?.text ?? '');
  const reports = await Promise.all(texts.map((text) => report(api, text, signal)));
  const title = 'Before the loss';
  const { session_id } = await api.post('/api/v1/sessions', { body: { domain_id: sampleDomain, title } });
  const question = 'How many reports are there?';
  const asked = { session_id, domain_id: sampleDomain, question };
  const { query_id } = await api.post('/api/v1/queries', { body: asked });
  const read = () => api.get('/api/v1/queries/{query_id}', { path: { query_id } });
  await pollUntil(read, ({ status }) => status !== 'processing', signal);
  const name = `Reads the ${count}th`;
  const schema = { output_schema: { topic: { type: 'string' } } } as const;
  const agent = {
    agent_name: name,
    agent_class: 'ingestion',
    system_prompt: 'Say what it is about.',
  } as const;
  const created = await api.post('/api/v1/agents', { body: { ...agent, ...schema } });
  if (!('agent_id' in created)) throw new Error('The agent was judged and not created');
  const task = { type: 'custom', name: 'Waits', description: 'For a worker', auto_dispatch: true } as const;
  const { task_id } = await api.post('/api/v2/tasks', { body: { ...task, input_data: { count } } });
  return { reports, sessions: [session_id], agents: [created.agent_id], tasks: [task_id] };
}

/** Both together. */
export function bothLives(one: Life, other: Life): Life {
  return {
    reports: [...one.reports, ...other.reports],
    sessions: [...one.sessions, ...other.sessions],
    agents: [...one.agents, ...other.agents],
    tasks: [...one.tasks, ...other.tasks],
  };
}

/** Takes a report in and follows it to the end of its run; answers its id. */
export async function report(api: ApiClient, text: string, signal: AbortSignal): Promise<string> {
  const { incident_id } = await api.post('/api/v1/reports', { body: { domain_id: sampleDomain, text } });
  const read = () => api.get('/api/v1/reports/{incident_id}', { path: { incident_id } });
  const { status } = await pollUntil(read, (found) => found.status !== 'processing', signal);
  if (status !== 'completed') throw new Error(`Report ${incident_id} is ${status}`);
  return incident_id;
}

/** What a user reads of everything, by its path; what is not found is undefined there. */
export async function readLife(api: ApiClient, life: Life): Promise<ReadonlyMap<string, unknown>> {
  const found = new Map<string, unknown>();
  const note = async (path: string, reading: Promise<unknown>): Promise<void> => {
    found.set(path, await reading.catch(() => undefined));
  };
  for (const incident_id of life.reports) {
    const path = { incident_id };
    await note(`reports/${incident_id}`, api.get('/api/v1/reports/{incident_id}', { path }));
  }
  for (const session_id of life.sessions) {
    const path = { session_id };
    await note(`sessions/${session_id}`, api.get('/api/v1/sessions/{session_id}', { path }));
  }
  for (const agent_id of life.agents) {
    await note(`agents/${agent_id}`, api.get('/api/v1/agents/{agent_id}', { path: { agent_id } }));
  }
  for (const task_id of life.tasks) {
    await note(`tasks/${task_id}`, api.get('/api/v2/tasks/{task_id}', { path: { task_id } }));
  }
  const query = { domain_id: sampleDomain };
  await note('aggregated', api.get('/api/v1/data/aggregated', { query: { ...query, group_by: 'status' } }));
  return found;
}

/** Paths under which something else is read than before, and those of what was not to be read before. */
export function differences(
  before: ReadonlyMap<string, unknown>,
  after: ReadonlyMap<string, unknown>,
): readonly string[] {
  return [...before.keys()].filter(
    (path) => before.get(path) === undefined || !isDeepStrictEqual(before.get(path), after.get(path)),
  );
}
