// What tests make through the API: agents, domains, reports, sessions and questions of their own, each removed at the end of the run. All runs on
// the platform's own skills, so that any deployment can do it without a model.
import assert from 'node:assert/strict';
import type {
  Domain,
  Execution,
  NewAgent,
  NewDomain,
  NewPlaybook,
  PlaybookGraph,
  PlaybookSettings,
  Query,
  Report,
} from '../../clients/api/gen/api-types.ts';
import { type CallerName, type TestContext, waits } from './suite.ts';
import { waitFor } from './wait.ts';

const ingestionAgents = ['geo', 'temporal', 'entity'].map((role) => `builtin-ingestion-${role}`);
const queryAgents = ['who', 'what', 'where', 'when', 'why', 'how'].map((role) => `builtin-query-${role}`);
const managementAgents = ['task-assigner', 'status-updater', 'task-details-editor'].map(
  (role) => `builtin-management-${role}`,
);

/** Agents of the platform by class. */
export const builtins = {
  ingestion: ingestionAgents,
  query: queryAgents,
  management: managementAgents,
} as const;

/** What a write of a definition has stored. */
export function stored<T extends object>(answer: T): Exclude<T, { readonly valid: boolean }> {
  assert.ok(!('valid' in answer), 'The definition was judged and not stored');
  return answer as Exclude<T, { readonly valid: boolean }>;
}

/** A playbook; edges as pairs. */
export function playbook(
  nodes: PlaybookGraph['nodes'],
  edges: readonly (readonly [from: string, to: string])[] = [],
  settings: PlaybookSettings = {},
): NewPlaybook {
  return { agent_execution_graph: { nodes, edges: edges.map(([from, to]) => ({ from, to })) }, settings };
}

/** An agent that keeps all rules; `more` is laid over it. */
export function agentDocument(t: TestContext, more: Partial<NewAgent> = {}): NewAgent {
  return {
    agent_name: t.unique('Agent'),
    agent_class: 'query',
    system_prompt: 'Say in one sentence what was asked.',
    output_schema: { type: 'object', properties: { summary: { type: 'string' } } },
    ...more,
  };
}

/** Creates an agent as the editor and answers its id. */
export async function makeAgent(t: TestContext, more: Partial<NewAgent> = {}): Promise<string> {
  const body = agentDocument(t, more);
  const { agent_id } = stored(await t.as('editor').post('/api/v1/agents', { body }));
  removeAgentLater(t, agent_id);
  return agent_id;
}

/** Has the agent removed at the end of the run. */
export function removeAgentLater(t: TestContext, agent_id: string): void {
  t.later(`agent ${agent_id}`, () =>
    t.as('admin').delete('/api/v1/agents/{agent_id}', { path: { agent_id } }),
  );
}

/** A domain on agents of the platform, with the whole of them in each playbook; `more` is laid over it. */
export function domainDocument(t: TestContext, more: Partial<NewDomain> = {}): NewDomain {
  return {
    domain_id: t.unique('domain').toLowerCase(),
    domain_name: 'Acceptance',
    ingestion_playbook: playbook(ingestionAgents),
    query_playbook: playbook(queryAgents),
    management_playbook: playbook(managementAgents),
    ...more,
  };
}

/** Creates a domain as the editor and answers its id. */
export async function makeDomain(t: TestContext, more: Partial<NewDomain> = {}): Promise<string> {
  const body = domainDocument(t, more);
  await t.as('editor').post('/api/v1/domains', { body });
  removeDomainLater(t, body.domain_id);
  return body.domain_id;
}

/** Has the domain removed at the end of the run. */
export function removeDomainLater(t: TestContext, domain_id: string): void {
  t.later(`domain ${domain_id}`, () =>
    t.as('admin').delete('/api/v1/domains/{domain_id}', { path: { domain_id } }),
  );
}

/** The domain that tests share which only need one. */
export function sharedDomain(t: TestContext): Promise<string> {
  return t.shared('domain', () => makeDomain(t));
}

/** The domain as it is stored. */
export function readDomain(t: TestContext, domain_id: string): Promise<Domain> {
  return t.as('viewer').get('/api/v1/domains/{domain_id}', { path: { domain_id } });
}

/** Ids of a submission. */
export interface Submitted {
  readonly incidentId: string;
  readonly jobId: string;
}

/** Submits a text as the editor. */
export async function submitReport(t: TestContext, text: string, domainId: string): Promise<Submitted> {
  const body = { domain_id: domainId, text };
  const { incident_id, job_id } = await t.as('editor').post('/api/v1/reports', { body });
  removeReportLater(t, incident_id);
  return { incidentId: incident_id, jobId: job_id };
}

/** Has the report removed at the end of the run. */
export function removeReportLater(t: TestContext, incident_id: string): void {
  t.later(`report ${incident_id}`, () =>
    t.as('admin').delete('/api/v1/reports/{incident_id}', { path: { incident_id } }),
  );
}

/** The report as the viewer sees it. */
export function readReport(t: TestContext, incident_id: string): Promise<Report> {
  return t.as('viewer').get('/api/v1/reports/{incident_id}', { path: { incident_id } });
}

/** The report once its run has ended, whatever came of it. */
export function endedReport(t: TestContext, incident_id: string): Promise<Report> {
  return waitFor({
    what: 'The end of the run of a report',
    read: () => readReport(t, incident_id),
    isDone: ({ status }) => status !== 'processing',
    timeoutMs: waits.report,
    signal: t.signal,
  });
}

/** Submits a text and answers the report once its run has ended, with the run's id. */
export async function finishReport(
  t: TestContext,
  text: string,
  domainId: string,
): Promise<Submitted & { readonly report: Report }> {
  const submitted = await submitReport(t, text, domainId);
  return { ...submitted, report: await endedReport(t, submitted.incidentId) };
}

/** A completed report of the shared domain that tests may look at and not change. */
export function sharedReport(t: TestContext): Promise<Submitted & { readonly report: Report }> {
  return t.shared('report', async () => {
    const text = `A water main is leaking on Main Street in Boston since Monday, ${t.unique('case')}`;
    return finishReport(t, text, await sharedDomain(t));
  });
}

/** Opens a session and answers its id. */
export async function openSession(
  t: TestContext,
  domain_id: string,
  { as = 'editor', title = t.unique('Session') }: { readonly as?: CallerName; readonly title?: string } = {},
): Promise<string> {
  const client = t.as(as);
  const { session_id } = await client.post('/api/v1/sessions', { body: { domain_id, title } });
  t.later(`session ${session_id}`, () =>
    client.delete('/api/v1/sessions/{session_id}', { path: { session_id } }),
  );
  return session_id;
}

/** A question or command of the editor. */
export interface Asked {
  readonly sessionId: string;
  readonly domainId: string;
  readonly question: string;
  /** [query] */
  readonly mode?: 'query' | 'management';
}

/** Asks as the editor and answers the ids. */
export async function ask(
  t: TestContext,
  { sessionId, domainId, ...asked }: Asked,
): Promise<{ readonly queryId: string; readonly jobId: string }> {
  const client = t.as('editor');
  const body = { session_id: sessionId, domain_id: domainId, ...asked };
  const { query_id, job_id } = await client.post('/api/v1/queries', { body });
  t.later(`query ${query_id}`, () => client.delete('/api/v1/queries/{query_id}', { path: { query_id } }));
  return { queryId: query_id, jobId: job_id };
}

/** The question once its run has ended, whatever came of it. */
export function endedQuery(t: TestContext, query_id: string): Promise<Query> {
  return waitFor({
    what: 'The end of the run of a question',
    read: () => t.as('editor').get('/api/v1/queries/{query_id}', { path: { query_id } }),
    isDone: ({ status }) => status !== 'processing',
    timeoutMs: waits.query,
    signal: t.signal,
  });
}

/** Asks and answers the question once its run has ended. */
export async function finishQuery(t: TestContext, asked: Asked): Promise<Query> {
  return endedQuery(t, (await ask(t, asked)).queryId);
}

/** An answered question about the shared report. */
export function sharedQuery(t: TestContext): Promise<Query> {
  return t.shared('query', async () => {
    const [{ report }, domainId] = [await sharedReport(t), await sharedDomain(t)];
    assert.equal(report.status, 'completed', report.error ?? '');
    const sessionId = await openSession(t, domainId);
    return finishQuery(t, { sessionId, domainId, question: 'Where are water mains leaking?' });
  });
}

/** The run as the editor sees it. */
export function readRun(t: TestContext, job_id: string): Promise<Execution> {
  return t.as('editor').get('/api/v1/executions/{job_id}', { path: { job_id } });
}

/** The run once it is as wanted. */
export function runThat(
  t: TestContext,
  jobId: string,
  [what, isDone]: readonly [what: string, isDone: (run: Execution) => boolean],
): Promise<Execution> {
  const read = () => readRun(t, jobId);
  return waitFor({ what: `That a run ${what}`, read, isDone, timeoutMs: waits.query, signal: t.signal });
}

/** The run once it has ended, whatever came of it. */
export function endedRun(t: TestContext, jobId: string): Promise<Execution> {
  return runThat(t, jobId, ['ends', ({ completed_at }) => completed_at !== null]);
}
