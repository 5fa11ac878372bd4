// The sessions service for its own tests: on an emulator in memory, over a real socket, with people and runs that may call it.
import { randomUUID } from 'node:crypto';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { type CallOptions, type Client, createClient } from '@connectrpc/connect';
import { ProxyTracerProvider } from '@opentelemetry/api';
import { systemClock } from '../../foundation/clock.ts';
import { createDocumentClient } from '../../foundation/dynamodb/client.ts';
import { ensureTables } from '../../foundation/dynamodb/tables.ts';
import {
  createRequestTokenMint,
  createRunTokenMint,
  createServiceTokenMint,
} from '../../foundation/identity/mesh-issuers.ts';
import type { Principal, RunScope } from '../../foundation/identity/principal.ts';
import { generateSigningKey } from '../../foundation/identity/signing-key.ts';
import { newId, prefixedId } from '../../foundation/ids/ids.ts';
import { callWith } from '../../foundation/rpc/caller.ts';
import { createMeshTransport } from '../../foundation/rpc/mesh-transport.ts';
import { startLocalDynamodb } from '../../local/databases/dynamodb.ts';
import { QueryMode } from '../../proto/gen/domainflow/sessions/v1/query_job_pb.js';
import { QueryJobService } from '../../proto/gen/domainflow/sessions/v1/query_job_service_pb.js';
import { SessionService } from '../../proto/gen/domainflow/sessions/v1/session_service_pb.js';
import { startSessions } from './app.ts';
import { readSessionsConfig } from './config.ts';
import type { Documents } from './store/documents.ts';
import { sessionsTables } from './store/tables.ts';

/** A running service with its clients. */
export interface TestSessions {
  readonly sessions: Client<typeof SessionService>;
  readonly jobs: Client<typeof QueryJobService>;
  /** The service's own documents, for looking beneath it. */
  readonly documents: Documents;
  /** Call options of a person. */
  as(person: Principal): CallOptions;
  /** Call options of a run for a person. */
  asRun(person: Principal, run: Partial<RunScope>): CallOptions;
  /** Call options of the deletion of a thing that a person owns. */
  asDeletion(person: Principal, writeTarget: string): CallOptions;
  /** Call options of the orchestrator for itself. */
  asService(): CallOptions;
  /** Call options without an identity. */
  asNobody(): CallOptions;
  close(): Promise<void>;
}

const callTimeoutMs = 20_000;
const tables = { sessions: 'Sessions', messages: 'Messages', queryJobs: 'QueryJobs' };

/** A new person of a tenant; without one, of a new tenant. */
export function newPerson(tenantId: string = randomUUID(), roles: readonly string[] = ['viewer']): Principal {
  return { tenantId, userId: randomUUID(), username: 'somebody', roles };
}

/** Everything that a submission chooses for one question at a time in ISO 8601. */
export function newQuestion(sessionId: string, at: string) {
  const id = newId();
  return {
    id,
    sessionId,
    queryId: prefixedId('qry_', id),
    domainId: 'civic_complaints',
    question: 'How many potholes?',
    mode: QueryMode.QUERY,
    jobId: prefixedId('job_', newId()),
    messageId: prefixedId('msg_', newId()),
    createdAt: timestampFromDate(new Date(at)),
  };
}

/** Documents on an emulator, with their tables, a tenant's writes in so many partitions. Destroy the client at the end. */
export async function openTestDocuments(endpoint: string, writeShards = 1): Promise<Documents> {
  const client = createDocumentClient({
    endpoint,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    requestTimeoutMs: 10_000,
  });
  await ensureTables(client, sessionsTables(tables));
  return { client, tables, writeShards };
}

/** Starts the service on an emulator of its own. */
export async function startTestSessions(): Promise<TestSessions> {
  const dynamodb = await startLocalDynamodb({});
  const documents = await openTestDocuments(dynamodb.endpoint);
  const [gateway, orchestrator] = await Promise.all([generateSigningKey(), generateSigningKey()]);
  const meshKeys = { gateway: [gateway.publicJwk], orchestrator: [orchestrator.publicJwk] };
  const config = readSessionsConfig({
    DYNAMODB_ENDPOINT: dynamodb.endpoint,
    MESH_KEYS: JSON.stringify(meshKeys),
    PAGE_TOKEN_KEY: 'k'.repeat(32),
    LOG_LEVEL: 'error',
  });
  const service = await startSessions(config);
  const tracer = new ProxyTracerProvider().getTracer('test');
  const transport = createMeshTransport({ target: service.address, tracer, clock: systemClock });
  const people = createRequestTokenMint(gateway.privateJwk, systemClock);
  const runs = createRunTokenMint(orchestrator.privateJwk, systemClock);
  const ownTokens = createServiceTokenMint('orchestrator', orchestrator.privateJwk, systemClock);
  const timeoutMs = callTimeoutMs;
  const asRun = (person: Principal, run: Partial<RunScope>) => {
    const scope = { runId: 'job_1', capability: 'query', writeTarget: '', ...run };
    return callWith({ token: runs.mint({ ...person, run: scope }), timeoutMs });
  };
  return {
    sessions: createClient(SessionService, transport),
    jobs: createClient(QueryJobService, transport),
    documents,
    as: (person) => callWith({ token: people.mint(person), timeoutMs }),
    asRun,
    asDeletion: (person, writeTarget) => asRun(person, { capability: 'deletion', writeTarget }),
    asService: () => callWith({ token: ownTokens(), timeoutMs }),
    asNobody: () => ({ timeoutMs }),
    close: async () => {
      await transport.close();
      await service.close();
      documents.client.destroy();
      await dynamodb.stop();
    },
  };
}
