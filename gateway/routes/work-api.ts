// API v2: workers, tasks and workflows. Its bodies may be larger than those of v1, and its requests are counted by address too.
import type { FastifyInstance } from 'fastify';
import type { CountAddress } from '../auth/address-rates.ts';
import { type RequirePrincipalDeps, requirePrincipal } from '../auth/require-principal.ts';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { workApiBase } from '../core/api-version.ts';
import { schemasByName } from '../core/known-fields.ts';
import type { JsonSchema } from '../core/operation.ts';
import { addIdempotentPosts, type IdempotentPostDeps } from '../http/idempotent-posts.ts';
import { addSelectedFields } from '../http/selected-fields.ts';
import { type WorkSystemDeps, workSystemRoutes } from './work-system.ts';
import { workTaskRoutes } from './work-tasks.ts';
import { type WorkerTaskDeps, workerTaskRoutes } from './worker-tasks.ts';
import { workerRoutes } from './workers.ts';
import { workflowRoutes } from './workflows.ts';

/** Largest body, in bytes. */
export const workBodyBytesMax = 10 * 1024 * 1024;

/** What the routes need. */
export interface WorkApiDeps
  extends RequirePrincipalDeps,
    IdempotentPostDeps,
    WorkSystemDeps,
    WorkerTaskDeps {
  readonly clients: MeshClients;
  /** Counts the requests of addresses. */
  readonly countWorkAddress: CountAddress;
}

/** Registers every route of API v2; `schemas` are those that operations refer to by name. */
export async function registerWorkApi(
  app: FastifyInstance,
  deps: WorkApiDeps,
  schemas: readonly JsonSchema[],
): Promise<void> {
  await app.register(
    async (api) => {
      api.addHook('onRoute', (route) => {
        route.bodyLimit ??= workBodyBytesMax;
      });
      requirePrincipal(api, { ...deps, countAddress: deps.countWorkAddress });
      addIdempotentPosts(api, deps);
      addSelectedFields(api, schemasByName(schemas));
      for (const register of [workerRoutes, workTaskRoutes, workflowRoutes]) register(api, deps.clients);
      workerTaskRoutes(api, deps);
      workSystemRoutes(api, deps);
    },
    { prefix: workApiBase },
  );
}
