// A mesh for one test file, with clients of its users and the few steps that many tests begin with.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApiClient } from '../../clients/api/api-client.ts';
import type { Query, Report } from '../../clients/api/gen/api-types.ts';
import { pollUntil, sampleDomain } from '../../local/demo/demo-run.ts';
import { type Mesh, startMesh } from '../../local/mesh.ts';
import { mintToken } from '../../local/terminal/mint-token.ts';
import { answered } from './answers.ts';
import { readDescribedClients } from './described-client.ts';
import type { RawClient } from './raw-client.ts';

/** A running mesh that keeps nothing. */
export interface TestMesh extends Mesh {
  /** The typed client of a user, whose answers must be as the API describes them; roles absent means admin. */
  as(tenant: string, user: string, roles?: readonly string[]): Promise<ApiClient>;
  /** The door for what the types of that client forbid. */
  raw(tenant: string, user: string, roles?: readonly string[]): Promise<RawClient>;
  /** The token that such a client has. */
  token(tenant: string, user: string, roles?: readonly string[]): Promise<string>;
  /** The file of the development issuer's key, for tokens of other kinds. */
  readonly issuerKeyPath: string;
}

/** Settings of a gateway whose users are faster than people. */
export const withoutRates = { RATE_USER_PER_S: '0', RATE_USER_PER_DAY: '0', RATE_V2_ADDRESS_PER_MIN: '0' };

/**
 * Starts a mesh with all services in this process, the agents service, the gateway and the orchestrator with these settings beyond their own.
 * `close` removes all that it left.
 */
export async function startTestMesh(
  agentSettings: Readonly<Record<string, string>> = {},
  gatewaySettings: Readonly<Record<string, string>> = withoutRates,
  orchestratorSettings: Readonly<Record<string, string>> = {},
): Promise<TestMesh> {
  const folder = await mkdtemp(join(tmpdir(), 'domainflow-e2e-'));
  const issuerKeyPath = join(folder, 'issuer', 'key.json');
  const mesh = await startMesh({
    ...{ port: 0, dataDir: undefined, mode: 'in-process', durable: false, issuerKeyPath },
    ...{ logDir: join(folder, 'logs'), agentSettings, gatewaySettings, orchestratorSettings },
  });
  const token: TestMesh['token'] = (tenant, user, roles = ['admin']) =>
    mintToken({ tenant, user, roles, keyPath: issuerKeyPath });
  const { gatewayUrl } = mesh;
  const clients = await readDescribedClients(gatewayUrl);
  return {
    ...mesh,
    ...{ token, issuerKeyPath },
    as: async (...who) => clients.typed({ gatewayUrl, token: await token(...who) }),
    raw: async (...who) => clients.raw({ gatewayUrl, token: await token(...who) }),
    close: async () => {
      await mesh.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const never = new AbortController().signal;

/** A submitted report once its run has ended, with the trace of the submission. */
export interface FinishedReport {
  readonly report: Report;
  readonly jobId: string;
  readonly traceId: string;
}

/** Submits a text to a domain, the sample's where none is named, and waits for the end of its run, whatever it is. */
export async function finishReport(
  api: ApiClient,
  text: string,
  domainId = sampleDomain,
): Promise<FinishedReport> {
  const { body, traceId } = await answered((onHead) =>
    api.post('/api/v1/reports', { body: { domain_id: domainId, text }, onHead }),
  );
  const report = await reportOnceEnded(api, body.incident_id);
  return { report, jobId: body.job_id, traceId };
}

/** The report once it is no longer in work. */
export function reportOnceEnded(api: ApiClient, incident_id: string): Promise<Report> {
  const read = () => api.get('/api/v1/reports/{incident_id}', { path: { incident_id } });
  return pollUntil(read, ({ status }) => status !== 'processing', never);
}

/** Opens a session of a domain, the sample's where none is named, and answers its id. */
export async function openSession(api: ApiClient, domainId = sampleDomain): Promise<string> {
  const { session_id } = await api.post('/api/v1/sessions', { body: { domain_id: domainId } });
  return session_id;
}

/** An ended question with the trace of the request that asked it. */
export interface FinishedQuery {
  readonly query: Query;
  readonly jobId: string;
  readonly traceId: string;
}

/** Asks a question in the session and waits for the end of its run, whatever it is. */
export async function finishQuery(
  api: ApiClient,
  sessionId: string,
  question: string,
  domainId = sampleDomain,
): Promise<FinishedQuery> {
  const asked = { session_id: sessionId, domain_id: domainId, question };
  const { body, traceId } = await answered((onHead) => api.post('/api/v1/queries', { body: asked, onHead }));
  const query = await queryOnceEnded(api, body.query_id);
  return { query, jobId: body.job_id, traceId };
}

/** The question once it is no longer in work. */
export function queryOnceEnded(api: ApiClient, query_id: string): Promise<Query> {
  const read = () => api.get('/api/v1/queries/{query_id}', { path: { query_id } });
  return pollUntil(read, ({ status }) => status !== 'processing', never);
}
