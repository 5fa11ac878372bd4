// All routes of the gateway in their places: the API behind its credential check, and beside it what is open.
import type { FastifyInstance } from 'fastify';
import type { SigningKeyPair } from '../../foundation/identity/signing-key.ts';
import { version } from '../../foundation/version.ts';
import { type RequirePrincipalDeps, requirePrincipal } from '../auth/require-principal.ts';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { apiBase } from '../core/api-version.ts';
import { schemasByName } from '../core/known-fields.ts';
import { collectRoutes } from '../http/allowed-methods.ts';
import { addApiDescription } from '../http/api-description.ts';
import { addCompression } from '../http/compression.ts';
import { addIdempotentPosts, type IdempotentPostDeps } from '../http/idempotent-posts.ts';
import { addSelectedFields } from '../http/selected-fields.ts';
import { agentWriteRoutes } from './agent-writes.ts';
import { agentRoutes } from './agents.ts';
import { apiKeyRoutes } from './api-keys.ts';
import { descriptionRoute, referencePages } from './api-reference.ts';
import { apiSchemas } from './api-schemas.ts';
import { approvalRoutes } from './approvals.ts';
import { type AuditRouteDeps, auditRoutes } from './audit.ts';
import { authenticatedHealthRoute } from './authenticated-health.ts';
import { type CircuitBreakerDeps, circuitBreakerRoutes } from './circuit-breakers.ts';
import { aggregateRoutes } from './data-aggregated.ts';
import { geoRoutes } from './data-geo.ts';
import { devIssuerRoutes } from './dev-issuer.ts';
import { domainEstimateRoutes } from './domain-estimate.ts';
import { domainWriteRoutes } from './domain-writes.ts';
import { domainRoutes } from './domains.ts';
import { type EventRouteDeps, eventRoutes } from './events.ts';
import { executionControlRoutes } from './execution-control.ts';
import { executionRoutes } from './executions.ts';
import { gateRoutes } from './gates.ts';
import { goldenSetRoutes } from './golden-sets.ts';
import { type HealthDeps, healthRoutes } from './health.ts';
import { meRoute } from './me.ts';
import { patchRoutes } from './patches.ts';
import { queryRoutes } from './queries.ts';
import { removedEndpoints } from './removed-endpoints.ts';
import { reportBatchRoutes } from './report-batch.ts';
import { reportChangeRoutes } from './report-changes.ts';
import { reportExportRoutes } from './report-export.ts';
import { reportImageRoutes } from './report-images.ts';
import { reportRoutes } from './reports.ts';
import { sessionRoutes } from './sessions.ts';
import { teamRoutes } from './teams.ts';
import { tenantSettingsRoutes } from './tenant-settings.ts';
import { toolAccessRoutes } from './tool-access.ts';
import { toolRoutes } from './tools.ts';
import { usageRoutes } from './usage.ts';
import { userRoutes } from './users.ts';
import { registerWorkApi, type WorkApiDeps } from './work-api.ts';

/** What the routes need. */
export interface RouteDeps
  extends HealthDeps,
    RequirePrincipalDeps,
    IdempotentPostDeps,
    EventRouteDeps,
    AuditRouteDeps,
    CircuitBreakerDeps,
    Pick<WorkApiDeps, 'countWorkAddress'> {
  readonly clients: MeshClients;
  /** Key of the development issuer; undefined when there is none. */
  readonly devKey: SigningKeyPair | undefined;
}

/** Registers every route, and a refusal of every other method on their paths. */
export async function registerRoutes(app: FastifyInstance, deps: RouteDeps): Promise<void> {
  const table = collectRoutes(app);
  await addCompression(app);
  await addApiDescription(app, { version, schemas: apiSchemas });
  healthRoutes(app, deps);
  removedEndpoints(app, apiBase);
  if (deps.devKey) devIssuerRoutes(app, deps.devKey);
  await app.register(
    async (api) => {
      requirePrincipal(api, deps);
      addIdempotentPosts(api, deps);
      addSelectedFields(api, schemasByName(apiSchemas));
      authenticatedHealthRoute(api, deps);
      for (const register of resources) register(api, deps.clients);
      auditRoutes(api, deps);
      circuitBreakerRoutes(api, deps);
      eventRoutes(api, deps);
    },
    { prefix: apiBase },
  );
  await registerWorkApi(app, deps, apiSchemas);
  descriptionRoute(app, apiBase);
  table.refuseOtherMethods();
  await referencePages(app);
}

const resources = [
  agentRoutes,
  agentWriteRoutes,
  domainRoutes,
  domainWriteRoutes,
  domainEstimateRoutes,
  goldenSetRoutes,
  gateRoutes,
  toolRoutes,
  toolAccessRoutes,
  reportRoutes,
  reportChangeRoutes,
  reportImageRoutes,
  reportBatchRoutes,
  reportExportRoutes,
  patchRoutes,
  geoRoutes,
  aggregateRoutes,
  queryRoutes,
  sessionRoutes,
  executionRoutes,
  executionControlRoutes,
  approvalRoutes,
  meRoute,
  tenantSettingsRoutes,
  usageRoutes,
  userRoutes,
  teamRoutes,
  apiKeyRoutes,
];
