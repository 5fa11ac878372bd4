// The registry put together: agents, domains and tenants over PostgreSQL. It calls no other service.
import { createPageTokens } from '../../foundation/paging/page-token.ts';
import { createPostgres, type Postgres } from '../../foundation/postgres/pool.ts';
import { type RunningService, type ServiceFrame, startRpcService } from '../../foundation/rpc/rpc-service.ts';
import { AgentService } from '../../proto/gen/domainflow/registry/v1/agent_service_pb.js';
import { DomainService } from '../../proto/gen/domainflow/registry/v1/domain_service_pb.js';
import { TenantService } from '../../proto/gen/domainflow/registry/v1/tenant_service_pb.js';
import type { RegistryConfig } from './config.ts';
import { ensurePrincipal } from './rpc/ensure-principal.ts';
import { getAgent } from './rpc/get-agent.ts';
import { getDomain } from './rpc/get-domain.ts';
import { getTenantSettings } from './rpc/get-tenant-settings.ts';
import { listAgents } from './rpc/list-agents.ts';
import { listDomains } from './rpc/list-domains.ts';
import { resolvePlan } from './rpc/resolve-plan.ts';
import { updateTenantSettings } from './rpc/update-tenant-settings.ts';
import { createPostgresStore } from './store/postgres-store.ts';

/** How long a call waits for a database connection, in milliseconds. */
const acquireTimeoutMs = 30_000;

/** Starts the registry service. */
export function startRegistry(config: RegistryConfig): Promise<RunningService> {
  return startRpcService({
    name: 'registry',
    config,
    build: (frame) => {
      const postgres = openPostgres(config, frame);
      const store = createPostgresStore(postgres);
      const tokens = createPageTokens({ key: config.pageTokenKey });
      return {
        services: [AgentService, DomainService, TenantService],
        stores: { postgres: () => postgres.ping() },
        routes: (router) => {
          router.service(AgentService, { getAgent: getAgent(store), listAgents: listAgents(store, tokens) });
          router.service(DomainService, {
            getDomain: getDomain(store),
            listDomains: listDomains(store, tokens),
            resolvePlan: resolvePlan(store),
          });
          router.service(TenantService, {
            ensurePrincipal: ensurePrincipal(store),
            getTenantSettings: getTenantSettings(store),
            updateTenantSettings: updateTenantSettings(store),
          });
        },
      };
    },
  });
}

function openPostgres(config: RegistryConfig, { telemetry, closing }: ServiceFrame): Postgres {
  const postgres = createPostgres({
    url: config.databaseUrl,
    applicationName: 'registry',
    sizeMax: config.databasePoolSize,
    acquireTimeoutMs,
    tracer: telemetry.tracer,
    onError: (error) => telemetry.log.warn({ err: error }, 'An idle database connection broke'),
  });
  closing.add('postgres', () => postgres.close());
  return postgres;
}
