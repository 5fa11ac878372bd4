// The registry put together: agents, domains and tenants over PostgreSQL. It calls no other service.
import {
  type ExchangeBreakers,
  exchangeBreakers,
  thisProcess,
} from '../../foundation/breaker/breaker-exchange.ts';
import { createSchemaCompiler } from '../../foundation/json/schema-compiler.ts';
import { createPageTokens } from '../../foundation/paging/page-token.ts';
import { resolveDatabaseUrl } from '../../foundation/postgres/database-url.ts';
import { createMigrationGate } from '../../foundation/postgres/migration-gate.ts';
import { openPostgres } from '../../foundation/postgres/open-postgres.ts';
import type { Postgres } from '../../foundation/postgres/pool.ts';
import { type RunningService, type ServiceFrame, startRpcService } from '../../foundation/rpc/rpc-service.ts';
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
import type { RegistryConfig } from './config.ts';
import { type ChangeFeed, createChangeFeed } from './engine/change-feed.ts';
import { startUsageRetention } from './engine/usage-retention.ts';
import { agentRoutes } from './rpc/agent-routes.ts';
import { breakerRoutes } from './rpc/breaker-routes.ts';
import { domainRoutes } from './rpc/domain-routes.ts';
import { goldenSetRoutes } from './rpc/golden-set-routes.ts';
import { apiKeyRoutes, auditRoutes, teamRoutes, tenantRoutes } from './rpc/people-routes.ts';
import { toolAccessRoutes, toolRoutes } from './rpc/tool-routes.ts';
import type { UsageDeps } from './rpc/usage-deps.ts';
import { createUsageMetrics } from './rpc/usage-metrics.ts';
import { usageRoutes } from './rpc/usage-routes.ts';
import { watchChanges } from './rpc/watch-changes.ts';
import { createChangeSource } from './store/change-source.ts';
import { createCredentialSeal } from './store/credential-seal.ts';
import { createPostgresStore } from './store/postgres-store.ts';
import { registrySchema } from './store/schema.ts';
import type { RegistryStore } from './store/store.ts';

/** Starts the registry service. */
export function startRegistry(config: RegistryConfig): Promise<RunningService> {
  return startRpcService({
    name: 'registry',
    config,
    build: (frame) => {
      const postgres = openPostgres(frame, { name: 'registry', database: config.database });
      const store = createPostgresStore(postgres, createCredentialSeal(config.credentialKeys));
      const tokens = createPageTokens({ key: config.pageTokenKey });
      const schemas = createSchemaCompiler();
      const feed = openChangeFeed(config, frame);
      const usage = openUsage(store, config, frame);
      openBreakers(store, frame);
      return {
        services: [
          AgentService,
          ApiKeyService,
          AuditService,
          BreakerService,
          ChangeService,
          DomainService,
          GoldenSetService,
          TeamService,
          TenantService,
          ToolAccessService,
          ToolService,
          UsageService,
        ],
        stores: { postgres: () => postgres.ping(), schema: openMigrationGate(postgres, frame) },
        routes: (router) => {
          router.service(
            AgentService,
            agentRoutes({ store, tokens, limits: config.limits, schemas, clock: frame.clock }),
          );
          router.service(
            DomainService,
            domainRoutes({ store, tokens, limits: config.limits, clock: frame.clock }),
          );
          router.service(
            GoldenSetService,
            goldenSetRoutes({ store, limits: config.limits, schemas, clock: frame.clock }),
          );
          router.service(TenantService, tenantRoutes(store));
          router.service(TeamService, teamRoutes(store, tokens));
          router.service(ApiKeyService, apiKeyRoutes(store, frame.clock));
          router.service(AuditService, auditRoutes(store, tokens));
          router.service(BreakerService, breakerRoutes(store, config.platformTenants));
          router.service(ToolService, toolRoutes(store, { networks: config.workerNetworks, schemas }));
          router.service(ToolAccessService, toolAccessRoutes(store));
          router.service(UsageService, usageRoutes(usage));
          router.service(ChangeService, { watchChanges: watchChanges(feed, frame.draining) });
        },
      };
    },
  });
}

/** Not ready on a schema of another release; says why in the log. */
function openMigrationGate(client: Postgres, { telemetry }: ServiceFrame): () => Promise<void> {
  const { schema, directory } = registrySchema;
  return createMigrationGate({ client, schema, directory, onMismatch: (why) => telemetry.log.error(why) });
}

/** The breakers of the registry's own processes are told without a call. */
function openBreakers(store: RegistryStore, { breakers: board, telemetry, closing }: ServiceFrame): void {
  const exchange: ExchangeBreakers = async (report) => {
    const isKnown = await store.reportBreakers(report);
    return { isKnown, forced: await store.forcedBreakers() };
  };
  const { log } = telemetry;
  closing.add(
    'exchange of breakers',
    exchangeBreakers({ process: thisProcess('registry'), board, exchange, log }),
  );
}

/** What the ledger's methods need; what it no longer keeps goes from now on. */
function openUsage(store: RegistryStore, config: RegistryConfig, frame: ServiceFrame): UsageDeps {
  const { clock, closing, telemetry } = frame;
  const { log } = telemetry;
  const keptDays = config.usageRetentionDays;
  closing.add('usage retention', startUsageRetention({ store, keptDays, clock, log }));
  return { store, clock, log, metrics: createUsageMetrics(telemetry.metrics) };
}

function openChangeFeed({ database }: RegistryConfig, { telemetry, closing }: ServiceFrame): ChangeFeed {
  const source = createChangeSource(() => resolveDatabaseUrl(database.source, database.tls));
  const feed = createChangeFeed({ source, log: telemetry.log });
  closing.add('news of changes', () => feed.close());
  return feed;
}
