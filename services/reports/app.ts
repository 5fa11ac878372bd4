// Puts the reports service together: stores, indexer, routes and the sweep. Only the document store decides whether it is ready, since
// writes go on while the index is away.
import { createDocumentClient } from '../../foundation/dynamodb/client.ts';
import { createPageTokens } from '../../foundation/paging/page-token.ts';
import { openPostgres } from '../../foundation/postgres/open-postgres.ts';
import type { Postgres } from '../../foundation/postgres/pool.ts';
import { type RunningService, type ServiceFrame, startRpcService } from '../../foundation/rpc/rpc-service.ts';
import { IndexService } from '../../proto/gen/domainflow/reports/v1/index_service_pb.js';
import { ReportService } from '../../proto/gen/domainflow/reports/v1/report_service_pb.js';
import type { ReportsConfig } from './config.ts';
import { createIndexedStore } from './engine/indexed-store.ts';
import { createIndexer } from './engine/indexer.ts';
import { startSweeper } from './engine/sweeper.ts';
import { aggregate } from './rpc/aggregate.ts';
import { applyIngestion } from './rpc/apply-ingestion.ts';
import { countOverTime } from './rpc/count-over-time.ts';
import { createReport } from './rpc/create-report.ts';
import { getReport } from './rpc/get-report.ts';
import { listPoints } from './rpc/list-points.ts';
import { listReports } from './rpc/list-reports.ts';
import { listUnsettled } from './rpc/list-unsettled.ts';
import { retrieve } from './rpc/retrieve.ts';
import { verifyReferences } from './rpc/verify-references.ts';
import { createDynamodbStore } from './store/dynamodb-store.ts';
import { createPostgresIndex } from './store/postgres-index.ts';

/** The index may be away while documents are served, so that nobody waits long for it. */
const acquireTimeoutMsMax = 2_000;
const indexStatementTimeoutMs = 10_000;
const documentTimeoutMs = 5_000;

/** Starts the reports service. */
export function startReports(config: ReportsConfig): Promise<RunningService> {
  return startRpcService({
    name: 'reports',
    config,
    build: (frame) => {
      const { telemetry, closing, clock } = frame;
      const { log, metrics } = telemetry;
      const documents = openDocuments(config, frame);
      const index = createPostgresIndex(openIndexDatabase(config, frame));
      const indexer = createIndexer({ pending: documents.pending, index, log, clock });
      const store = createIndexedStore(documents, indexer);
      const tokens = createPageTokens({ key: config.pageTokenKey });
      return {
        services: [ReportService, IndexService],
        stores: { dynamodb: () => documents.ping() },
        routes: (router) => {
          router.service(ReportService, {
            createReport: createReport(store),
            getReport: getReport(store),
            listReports: listReports({ store, index, tokens }),
            applyIngestion: applyIngestion(store),
            listUnsettled: listUnsettled(store),
          });
          router.service(IndexService, {
            retrieve: retrieve(index),
            aggregate: aggregate(index),
            countOverTime: countOverTime(index),
            listPoints: listPoints(index),
            verifyReferences: verifyReferences(index),
          });
        },
        begin: async () => {
          const sweeper = startSweeper({ pending: documents.pending, indexer, log, metrics });
          closing.add('sweeper', () => sweeper.stop());
        },
      };
    },
  });
}

function openIndexDatabase({ database }: ReportsConfig, frame: ServiceFrame): Postgres {
  const statementTimeoutMs = indexStatementTimeoutMs;
  return openPostgres(frame, { name: 'reports', database, acquireTimeoutMsMax, statementTimeoutMs });
}

function openDocuments(config: ReportsConfig, { telemetry, closing }: ServiceFrame) {
  const endpoint = config.dynamodbEndpoint;
  const client = createDocumentClient({
    endpoint,
    region: config.awsRegion,
    tracer: telemetry.tracer,
    requestTimeoutMs: documentTimeoutMs,
  });
  closing.add('dynamodb', () => client.destroy());
  return createDynamodbStore({ client, table: config.reportsTable });
}
