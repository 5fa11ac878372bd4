// The registry for tests: the real service on a real database, and clients that call it as anyone.
import { type CallOptions, type Client, createClient } from '@connectrpc/connect';
import { trace } from '@opentelemetry/api';
import pg from 'pg';
import { systemClock } from '../../foundation/clock.ts';
import { createRequestTokenMint, createRunTokenMint } from '../../foundation/identity/mesh-issuers.ts';
import type { Principal } from '../../foundation/identity/principal.ts';
import { generateSigningKey } from '../../foundation/identity/signing-key.ts';
import { callWith } from '../../foundation/rpc/caller.ts';
import { createMeshTransport } from '../../foundation/rpc/mesh-transport.ts';
import { AgentService } from '../../proto/gen/domainflow/registry/v1/agent_service_pb.js';
import { DomainService } from '../../proto/gen/domainflow/registry/v1/domain_service_pb.js';
import { TenantService } from '../../proto/gen/domainflow/registry/v1/tenant_service_pb.js';
import { startRegistry } from './app.ts';
import { readRegistryConfig } from './config.ts';
import { insertPrincipal, newPrincipal } from './store/rows.for-test.ts';
import { prepareRegistryDatabase } from './store/schema.ts';

/** A running registry with everything a test needs. */
export interface RegistryForTest {
  readonly agents: Client<typeof AgentService>;
  readonly domains: Client<typeof DomainService>;
  readonly tenants: Client<typeof TenantService>;
  /** The admin's connection: no row-level security. */
  readonly admin: pg.Client;
  /** URL of the app role. */
  readonly databaseUrl: string;
  /** Call options of a principal: a request token, or a run token when it has a run. */
  as(principal: Principal): CallOptions;
  /** A principal of a new tenant; its tenant and user are stored. */
  newTenant(changes?: Partial<Principal>): Promise<Principal>;
  close(): Promise<void>;
}

const callTimeoutMs = 30_000;

/** Prepares an empty database and starts the service on it. Stop the database afterwards. */
export async function startRegistryForTest(adminUrl: string): Promise<RegistryForTest> {
  const { databaseUrl } = await prepareRegistryDatabase({ adminUrl, appPassword: 'for-tests' });
  const [gateway, orchestrator] = await Promise.all([generateSigningKey(), generateSigningKey()]);
  const meshKeys = { gateway: [gateway.publicJwk], orchestrator: [orchestrator.publicJwk] };
  const service = await startRegistry(
    readRegistryConfig({
      MESH_KEYS: JSON.stringify(meshKeys),
      DATABASE_URL: databaseUrl,
      PAGE_TOKEN_KEY: 'a key for tests that is long enough',
      LOG_LEVEL: 'fatal',
    }),
  );
  const tracer = trace.getTracer('test');
  const transport = createMeshTransport({ target: service.address, tracer, clock: systemClock });
  const requests = createRequestTokenMint(gateway.privateJwk, systemClock);
  const runs = createRunTokenMint(orchestrator.privateJwk, systemClock);
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  return {
    agents: createClient(AgentService, transport),
    domains: createClient(DomainService, transport),
    tenants: createClient(TenantService, transport),
    admin,
    databaseUrl,
    as: (principal) => {
      const token = (principal.run ? runs : requests).mint(principal);
      return callWith({ token, timeoutMs: callTimeoutMs });
    },
    newTenant: async (changes) => {
      const principal = newPrincipal(changes);
      await insertPrincipal(admin, principal);
      return principal;
    },
    close: async () => {
      transport.close();
      await service.close();
      await admin.end();
    },
  };
}
