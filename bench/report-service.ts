// The reports service of a benchmark, over its real socket, and clients that may do what an editor may.
import { randomUUID } from 'node:crypto';
import { type CallOptions, type Client, createClient } from '@connectrpc/connect';
import { systemClock } from '../foundation/clock.ts';
import { createRequestTokenMint } from '../foundation/identity/mesh-issuers.ts';
import { generateSigningKey } from '../foundation/identity/signing-key.ts';
import { callWith } from '../foundation/rpc/caller.ts';
import { createMeshTransport } from '../foundation/rpc/mesh-transport.ts';
import type { LocalDatabases } from '../local/databases/databases.ts';
import { IndexService } from '../proto/gen/domainflow/reports/v1/index_service_pb.js';
import { ReportService } from '../proto/gen/domainflow/reports/v1/report_service_pb.js';
import { startReports } from '../services/reports/app.ts';
import { readReportsConfig } from '../services/reports/config.ts';

/** A running service. */
export interface MeasuredReports {
  readonly index: Client<typeof IndexService>;
  readonly reports: Client<typeof ReportService>;
  /** Identity and time of a call, a minute unless another is given. */
  readonly options: (timeoutMs?: number) => CallOptions;
  close(): Promise<void>;
}

/** Starts the service over databases that are prepared. It has no images: nothing listens where they would be. */
export async function startMeasuredReports(
  databases: LocalDatabases,
  { databaseUrl, tenantId }: { readonly databaseUrl: string; readonly tenantId: string },
): Promise<MeasuredReports> {
  const gatewayKey = await generateSigningKey();
  const service = await startReports(
    readReportsConfig({
      MESH_KEYS: JSON.stringify({ gateway: [gatewayKey.publicJwk], orchestrator: [gatewayKey.publicJwk] }),
      DATABASE_URL: databaseUrl,
      DB_POOL_SIZE: '10',
      DYNAMODB_ENDPOINT: databases.dynamoEndpoint,
      OBJECTS_BUCKET: 'no-objects-here',
      OBJECTS_ENDPOINT: 'http://127.0.0.1:9',
      OBJECTS_ACCESS_KEY_ID: 'none',
      OBJECTS_SECRET_ACCESS_KEY: 'none-is-needed-here',
      PAGE_TOKEN_KEY: 'page-token-key-of-the-benchmark!',
      TRACE_SAMPLE_PERCENT: '0',
      LOG_LEVEL: 'silent',
    }),
  );
  const { tracer } = service.telemetry;
  const transport = createMeshTransport({ target: service.address, tracer, clock: systemClock });
  const tokens = createRequestTokenMint(gatewayKey.privateJwk, systemClock);
  const principal = { tenantId, userId: randomUUID(), username: 'bench', roles: ['editor'] };
  return {
    index: createClient(IndexService, transport),
    reports: createClient(ReportService, transport),
    options: (timeoutMs = 60_000) => callWith({ token: tokens.mint(principal), timeoutMs }),
    close: async () => {
      transport.close();
      await service.close();
    },
  };
}
