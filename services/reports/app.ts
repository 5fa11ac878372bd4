// Puts the reports service together: stores, indexer, routes and the sweep. Only the document store decides whether it is ready, since
// writes go on while the index is away.
import { createDocumentClient } from '../../foundation/dynamodb/client.ts';
import { createPageTokens } from '../../foundation/paging/page-token.ts';
import { openPostgres } from '../../foundation/postgres/open-postgres.ts';
import type { Postgres } from '../../foundation/postgres/pool.ts';
import { type RunningService, type ServiceFrame, startRpcService } from '../../foundation/rpc/rpc-service.ts';
import { ImageService } from '../../proto/gen/domainflow/reports/v1/image_service_pb.js';
import { IndexService } from '../../proto/gen/domainflow/reports/v1/index_service_pb.js';
import { PatchService } from '../../proto/gen/domainflow/reports/v1/patch_service_pb.js';
import { ReportService } from '../../proto/gen/domainflow/reports/v1/report_service_pb.js';
import type { ReportsConfig } from './config.ts';
import { createIndexFollowing } from './engine/index-following.ts';
import { createIndexedStore } from './engine/indexed-store.ts';
import { createIndexer } from './engine/indexer.ts';
import { startUploadSweep } from './engine/upload-sweep.ts';
import { aggregate } from './rpc/aggregate.ts';
import { applyIngestion } from './rpc/apply-ingestion.ts';
import { clusterPoints } from './rpc/cluster-points.ts';
import { countOverTime } from './rpc/count-over-time.ts';
import { createReport } from './rpc/create-report.ts';
import { documentRoutes } from './rpc/document-routes.ts';
import { getDataRevision } from './rpc/get-data-revision.ts';
import { getReport } from './rpc/get-report.ts';
import { imageRoutes } from './rpc/image-routes.ts';
import { listPoints } from './rpc/list-points.ts';
import { listReports } from './rpc/list-reports.ts';
import { patchRoutes } from './rpc/patch-routes.ts';
import { reopenReport } from './rpc/reopen-report.ts';
import { retrieve } from './rpc/retrieve.ts';
import { showReports } from './rpc/show-report.ts';
import { updateReport } from './rpc/update-report.ts';
import { verifyReferences } from './rpc/verify-references.ts';
import { createDynamodbStore } from './store/dynamodb-store.ts';
import { createObjectClient } from './store/object-client.ts';
import { createObjectStore } from './store/object-s3.ts';
import { createPatchDocuments } from './store/patch-documents.ts';
import { createPatchRemoval } from './store/patch-removal.ts';
import { createPostgresIndex } from './store/postgres-index.ts';

/** The index may be away while documents are served, so that nobody waits long for it. */
const acquireTimeoutMsMax = 2_000;
const indexStatementTimeoutMs = 10_000;
const documentTimeoutMs = 5_000;
const objectTimeoutMs = 10_000;

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
      const { patches } = documents;
      const indexer = createIndexer({ pending: documents.pending, index, patches, log, clock });
      const following = createIndexFollowing({
        ...{ pending: documents.pending, index, indexer, log, metrics, clock },
      });
      const store = createIndexedStore(documents, indexer);
      const images = openImages(config, frame);
      const removals = { patches: documents.patchRemoval, images: images.objects };
      const tokens = createPageTokens({ key: config.pageTokenKey });
      const changing = { store, patches, clock, show: showReports(images.objects) };
      return {
        services: [ReportService, PatchService, ImageService, IndexService],
        stores: { dynamodb: () => documents.ping() },
        routes: (router) => {
          router.service(ReportService, {
            createReport: createReport(store, images),
            reopenReport: reopenReport(changing),
            getReport: getReport(changing),
            updateReport: updateReport(changing),
            listReports: listReports({ store, index, tokens }),
            applyIngestion: applyIngestion(changing),
            ...documentRoutes({ store: documents, ...following, ...removals, clock }),
          });
          router.service(PatchService, patchRoutes({ ...changing, tokens }));
          router.service(ImageService, imageRoutes(images));
          router.service(IndexService, {
            retrieve: retrieve(index),
            aggregate: aggregate(index),
            countOverTime: countOverTime(index),
            listPoints: listPoints({ index, tokens }),
            clusterPoints: clusterPoints(index),
            verifyReferences: verifyReferences(index),
            getDataRevision: getDataRevision(index),
          });
        },
        begin: async () => {
          const sweeper = following.start();
          closing.add('sweeper', () => sweeper.stop());
          closing.add('upload sweep', startUploadSweep({ ...images, log, metrics, clock }));
        },
      };
    },
  });
}

function openIndexDatabase({ database }: ReportsConfig, frame: ServiceFrame): Postgres {
  const statementTimeoutMs = indexStatementTimeoutMs;
  return openPostgres(frame, { name: 'reports', database, acquireTimeoutMsMax, statementTimeoutMs });
}

/** The store of images: one client that reaches it, and one that signs for the address that clients reach. */
function openImages(
  { objects, awsRegion: region }: ReportsConfig,
  { telemetry, closing, clock }: ServiceFrame,
) {
  const { bucket, endpoint, publicEndpoint, credentials } = objects;
  const base = { region, credentials, requestTimeoutMs: objectTimeoutMs };
  const client = createObjectClient({ ...base, endpoint, tracer: telemetry.tracer });
  const publicClient = createObjectClient({ ...base, endpoint: publicEndpoint });
  closing.add('objects', () => {
    client.destroy();
    publicClient.destroy();
  });
  const store = createObjectStore({ bucket, client, publicClient, clock });
  return { objects: store, site: { publicEndpoint, bucket } };
}

function openDocuments(config: ReportsConfig, { telemetry, closing }: ServiceFrame) {
  const endpoint = config.dynamodbEndpoint;
  const client = createDocumentClient({
    endpoint,
    region: config.awsRegion,
    tracer: telemetry.tracer,
    metrics: telemetry.metrics,
    requestTimeoutMs: documentTimeoutMs,
  });
  closing.add('dynamodb', () => client.destroy());
  const { reportsTable, patchesTable, tenantWriteShards: shards } = config;
  return {
    ...createDynamodbStore({ client, table: reportsTable, shards }),
    patches: createPatchDocuments({ client, table: patchesTable, reportsTable, shards }),
    patchRemoval: createPatchRemoval(client, patchesTable),
  };
}
