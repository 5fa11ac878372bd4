// A mesh for one test file, with clients of its users and the few steps that many tests begin with.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ApiClient, createClient } from '../../clients/api/api-client.ts';
import { pollUntil, sampleDomain } from '../../local/demo/demo-run.ts';
import { type Mesh, startMesh } from '../../local/mesh.ts';
import { bodyOf, createRestClient, type RestClient } from '../../local/rest-client.ts';
import type {
  QueryAccepted,
  QueryDocument,
  ReportAccepted,
  ReportDocument,
  SessionDocument,
} from '../../local/rest-documents.ts';
import { mintToken } from '../../local/terminal/mint-token.ts';
import { describedClient, readAnswerCheck } from './described-client.ts';

/** A running mesh that keeps nothing. */
export interface TestMesh extends Mesh {
  /** A client with a token for the user, whose answers must be as the API describes them; roles absent means admin. */
  as(tenant: string, user: string, roles?: readonly string[]): Promise<RestClient>;
  /** The typed client of such a user. */
  client(tenant: string, user: string, roles?: readonly string[]): Promise<ApiClient>;
  /** The token that such a client has. */
  token(tenant: string, user: string, roles?: readonly string[]): Promise<string>;
  /** The file of the development issuer's key, for tokens of other kinds. */
  readonly issuerKeyPath: string;
}

/** Settings of a gateway whose users are faster than people. */
export const withoutRates = { RATE_USER_PER_S: '0', RATE_USER_PER_DAY: '0' };

/**
 * Starts a mesh with all services in this process, the agents service and the gateway with these settings beyond their own. `close` removes
 * all that it left.
 */
export async function startTestMesh(
  agentSettings: Readonly<Record<string, string>> = {},
  gatewaySettings: Readonly<Record<string, string>> = withoutRates,
): Promise<TestMesh> {
  const folder = await mkdtemp(join(tmpdir(), 'domainflow-e2e-'));
  const issuerKeyPath = join(folder, 'issuer', 'key.json');
  const mesh = await startMesh({
    ...{ port: 0, dataDir: undefined, mode: 'in-process', durable: false, issuerKeyPath },
    ...{ logDir: join(folder, 'logs'), agentSettings, gatewaySettings },
  });
  const token: TestMesh['token'] = (tenant, user, roles = ['admin']) =>
    mintToken({ tenant, user, roles, keyPath: issuerKeyPath });
  const { gatewayUrl } = mesh;
  const check = await readAnswerCheck(gatewayUrl);
  return {
    ...mesh,
    ...{ token, issuerKeyPath },
    client: async (...who) => createClient({ baseUrl: gatewayUrl, credential: await token(...who) }),
    as: async (...who) =>
      describedClient(createRestClient({ gatewayUrl, token: await token(...who) }), check),
    close: async () => {
      await mesh.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const never = new AbortController().signal;

/** A submitted report once its run has ended, with the trace of the submission. */
export interface FinishedReport {
  readonly report: ReportDocument;
  readonly jobId: string;
  readonly traceId: string;
}

/** Submits a text to a domain, the sample's where none is named, and waits for the end of its run, whatever it is. */
export async function finishReport(
  api: RestClient,
  text: string,
  domainId = sampleDomain,
): Promise<FinishedReport> {
  const accepted = await api.post<ReportAccepted>('/api/v1/reports', { domain_id: domainId, text });
  const { incident_id, job_id } = bodyOf(accepted, 202, 'Submitting a report');
  const report = await reportOnceEnded(api, incident_id);
  return { report, jobId: job_id, traceId: accepted.traceId ?? '' };
}

/** The report once it is no longer in work. */
export function reportOnceEnded(api: RestClient, incidentId: string): Promise<ReportDocument> {
  const path = `/api/v1/reports/${incidentId}`;
  const read = async () => bodyOf(await api.get<ReportDocument>(path), 200, 'Reading a report');
  return pollUntil(read, ({ status }) => status !== 'processing', never);
}

/** Opens a session of the sample domain and answers its id. */
export async function openSession(api: RestClient): Promise<string> {
  const opened = await api.post<SessionDocument>('/api/v1/sessions', { domain_id: sampleDomain });
  return bodyOf(opened, 201, 'Opening a session').session_id;
}

/** An ended question with the trace of the request that asked it. */
export interface FinishedQuery {
  readonly query: QueryDocument;
  readonly jobId: string;
  readonly traceId: string;
}

/** Asks a question in the session and waits for the end of its run, whatever it is. */
export async function finishQuery(
  api: RestClient,
  sessionId: string,
  question: string,
  domainId = sampleDomain,
): Promise<FinishedQuery> {
  const asked = { session_id: sessionId, domain_id: domainId, question };
  const accepted = await api.post<QueryAccepted>('/api/v1/queries', asked);
  const { query_id, job_id } = bodyOf(accepted, 202, 'Asking a question');
  const path = `/api/v1/queries/${query_id}`;
  const read = async () => bodyOf(await api.get<QueryDocument>(path), 200, 'Reading an answer');
  const query = await pollUntil(read, ({ status }) => status !== 'processing', never);
  return { query, jobId: job_id, traceId: accepted.traceId ?? '' };
}
