// The registry for tests: the real service on a real database, and clients that call it as anyone.
import { type CallOptions, type Client, createClient, type Transport } from '@connectrpc/connect';
import { trace } from '@opentelemetry/api';
import pg from 'pg';
import { systemClock } from '../../foundation/clock.ts';
import {
  createAgentTokenMint,
  createRequestTokenMint,
  createRunTokenMint,
  createServiceTokenMint,
  type MeshIssuer,
} from '../../foundation/identity/mesh-issuers.ts';
import type { Principal } from '../../foundation/identity/principal.ts';
import { generateSigningKey } from '../../foundation/identity/signing-key.ts';
import { callWith } from '../../foundation/rpc/caller.ts';
import { createMeshClient } from '../../foundation/rpc/mesh-client.ts';
import { createMeshTransport } from '../../foundation/rpc/mesh-transport.ts';
import { BreakerService } from '../../proto/gen/domainflow/common/v1/breaker_service_pb.js';
import { AgentService } from '../../proto/gen/domainflow/registry/v1/agent_service_pb.js';
import { ApiKeyService } from '../../proto/gen/domainflow/registry/v1/api_key_service_pb.js';
import { AuditService } from '../../proto/gen/domainflow/registry/v1/audit_service_pb.js';
import { ChangeService } from '../../proto/gen/domainflow/registry/v1/change_service_pb.js';
import { DomainService } from '../../proto/gen/domainflow/registry/v1/domain_service_pb.js';
import { GoldenSetService } from '../../proto/gen/domainflow/registry/v1/golden_set_service_pb.js';
import { TeamService } from '../../proto/gen/domainflow/registry/v1/team_service_pb.js';
import { TenantService } from '../../proto/gen/domainflow/registry/v1/tenant_service_pb.js';
import { ToolAccessService, ToolService } from '../../proto/gen/domainflow/registry/v1/tool_service_pb.js';
import { UsageService } from '../../proto/gen/domainflow/registry/v1/usage_service_pb.js';
import { startRegistry } from './app.ts';
import { readRegistryConfig } from './config.ts';
import { insertPrincipal, newPrincipal } from './store/rows.for-test.ts';
import { prepareRegistryDatabase } from './store/schema.ts';

/** A running registry with everything a test needs. */
export interface RegistryForTest {
  readonly agents: Client<typeof AgentService>;
  readonly apiKeys: Client<typeof ApiKeyService>;
  readonly audit: Client<typeof AuditService>;
  readonly breakers: Client<typeof BreakerService>;
  readonly changes: Client<typeof ChangeService>;
  readonly domains: Client<typeof DomainService>;
  readonly goldenSets: Client<typeof GoldenSetService>;
  readonly teams: Client<typeof TeamService>;
  readonly tenants: Client<typeof TenantService>;
  readonly tools: Client<typeof ToolService>;
  readonly access: Client<typeof ToolAccessService>;
  readonly usage: Client<typeof UsageService>;
  /** The admin's connection: no row-level security. */
  readonly admin: pg.Client;
  /** `host:port` of the service. */
  readonly address: string;
  /** `MESH_KEYS` of a service that trusts whom this one trusts. */
  readonly meshKeys: string;
  /** URL of the app role. */
  readonly databaseUrl: string;
  /** Call options of a principal: a request token, or a run token when it has a run. */
  as(principal: Principal): CallOptions;
  /** Call options of the agents service on behalf of a run. */
  asAgentsFor(principal: Principal): CallOptions;
  /** Call options of a service that speaks for itself. */
  asService(service: MeshIssuer): CallOptions;
  /** A principal of a new tenant; its tenant and user are stored. */
  newTenant(changes?: Partial<Principal>): Promise<Principal>;
  close(): Promise<void>;
}

const callTimeoutMs = 30_000;

/** Prepares an empty database and starts the service on it. Stop the database afterwards. */
export async function startRegistryForTest(adminUrl: string): Promise<RegistryForTest> {
  const { databaseUrl } = await prepareRegistryDatabase({ adminUrl, appPassword: 'for-tests' });
  const keys = {
    gateway: await generateSigningKey(),
    orchestrator: await generateSigningKey(),
    agents: await generateSigningKey(),
  };
  const meshKeys = {
    gateway: [keys.gateway.publicJwk],
    orchestrator: [keys.orchestrator.publicJwk],
    agents: [keys.agents.publicJwk],
  };
  const service = await startRegistry(
    readRegistryConfig({
      MESH_KEYS: JSON.stringify(meshKeys),
      DATABASE_URL: databaseUrl,
      PAGE_TOKEN_KEY: 'a key for tests that is long enough',
      CREDENTIALS_KEYS: JSON.stringify([{ id: 'test', key: Buffer.alloc(32, 7).toString('base64url') }]),
      LOG_LEVEL: 'fatal',
    }),
  );
  const tracer = trace.getTracer('test');
  const transport = createMeshTransport({ target: service.address, tracer, clock: systemClock });
  const requests = createRequestTokenMint(keys.gateway.privateJwk, systemClock);
  const runs = createRunTokenMint(keys.orchestrator.privateJwk, systemClock);
  const agentRuns = createAgentTokenMint(keys.agents.privateJwk, systemClock);
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  return {
    ...clientsOver(transport),
    admin,
    address: service.address,
    meshKeys: JSON.stringify(meshKeys),
    databaseUrl,
    as: (principal) => {
      const token = (principal.run ? runs : requests).mint(principal);
      return callWith({ token, timeoutMs: callTimeoutMs });
    },
    asAgentsFor: (principal) => callWith({ token: agentRuns.mint(principal), timeoutMs: callTimeoutMs }),
    asService: (service) => {
      const mint = createServiceTokenMint(service, keys[service].privateJwk, systemClock);
      return callWith({ token: mint(), timeoutMs: callTimeoutMs });
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

/** A client of each service of the registry. */
function clientsOver(transport: Transport) {
  return {
    agents: createClient(AgentService, transport),
    apiKeys: createClient(ApiKeyService, transport),
    audit: createClient(AuditService, transport),
    breakers: createClient(BreakerService, transport),
    changes: createMeshClient(ChangeService, transport),
    domains: createClient(DomainService, transport),
    goldenSets: createClient(GoldenSetService, transport),
    teams: createClient(TeamService, transport),
    tenants: createClient(TenantService, transport),
    tools: createClient(ToolService, transport),
    access: createClient(ToolAccessService, transport),
    usage: createMeshClient(UsageService, transport),
  };
}
