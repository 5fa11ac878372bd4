// The composition of the sessions service: the only place that builds what owns a resource.
import { createDocumentClient } from '../../foundation/dynamodb/client.ts';
import { createPageTokens } from '../../foundation/paging/page-token.ts';
import { type RunningService, type ServiceFrame, startRpcService } from '../../foundation/rpc/rpc-service.ts';
import { QueryJobService } from '../../proto/gen/domainflow/sessions/v1/query_job_service_pb.js';
import { SessionService } from '../../proto/gen/domainflow/sessions/v1/session_service_pb.js';
import type { SessionsConfig } from './config.ts';
import { completeQueryJob } from './rpc/complete-query-job.ts';
import { createQueryJob } from './rpc/create-query-job.ts';
import { createSession } from './rpc/create-session.ts';
import { deleteQueryJob } from './rpc/delete-query-job.ts';
import { deleteSession } from './rpc/delete-session.ts';
import { getQueryJob } from './rpc/get-query-job.ts';
import { getSession } from './rpc/get-session.ts';
import { listQueryJobs } from './rpc/list-query-jobs.ts';
import { listSessions } from './rpc/list-sessions.ts';
import { listUnsettled } from './rpc/list-unsettled.ts';
import { markReferenceDeleted } from './rpc/mark-reference-deleted.ts';
import { purgeQueryJob } from './rpc/purge-query-job.ts';
import { purgeSession } from './rpc/purge-session.ts';
import { reopenQueryJob } from './rpc/reopen-query-job.ts';
import { updateSession } from './rpc/update-session.ts';
import { createDynamodbStore } from './store/dynamodb-store.ts';

/** How long one request to the document store may take. */
const requestTimeoutMs = 3_000;

/** Starts the sessions service. Its tables must exist. */
export function startSessions(config: SessionsConfig): Promise<RunningService> {
  return startRpcService({
    name: 'sessions',
    config,
    build: (frame) => {
      const store = createDynamodbStore(openDocuments(config, frame));
      const tokens = createPageTokens({ key: config.pageTokenKey });
      const { clock } = frame;
      return {
        services: [SessionService, QueryJobService],
        stores: { dynamodb: () => store.ping() },
        routes: (router) => {
          router.service(SessionService, {
            createSession: createSession(store, clock),
            updateSession: updateSession(store, clock),
            deleteSession: deleteSession(store, clock),
            purgeSession: purgeSession(store),
            getSession: getSession(store, tokens),
            listSessions: listSessions(store, tokens),
          });
          router.service(QueryJobService, {
            createQueryJob: createQueryJob(store),
            getQueryJob: getQueryJob(store),
            listQueryJobs: listQueryJobs(store, tokens),
            completeQueryJob: completeQueryJob(store),
            reopenQueryJob: reopenQueryJob(store),
            deleteQueryJob: deleteQueryJob(store, clock),
            purgeQueryJob: purgeQueryJob(store),
            markReferenceDeleted: markReferenceDeleted(store, clock),
            listUnsettled: listUnsettled(store),
          });
        },
      };
    },
  });
}

function openDocuments(
  { dynamodb, tables, tenantWriteShards }: SessionsConfig,
  { telemetry, closing }: ServiceFrame,
) {
  const client = createDocumentClient({
    ...dynamodb,
    tracer: telemetry.tracer,
    metrics: telemetry.metrics,
    requestTimeoutMs,
  });
  closing.add('dynamodb', () => client.destroy());
  return { client, tables, writeShards: tenantWriteShards };
}
