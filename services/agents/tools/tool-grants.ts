// Which tools an agent was granted, as the registry says. What cannot be found out is not granted: the fault ends the attempt.
import type { CallOptions } from '@connectrpc/connect';
import type { WatchedCache } from '../../../foundation/rpc/watched-cache.ts';
import type { MeshClients } from '../clients/mesh-clients.ts';

/** What asking the registry needs. */
export interface RegistryReach {
  readonly clients: Pick<MeshClients, 'tenants' | 'access'>;
  /** Keeps answers for as long as the registry would tell of a change. */
  readonly kept: WatchedCache;
  readonly tenantId: string;
  /** Identity and time of each call. */
  readonly callOptions: () => CallOptions;
}

/** Names of what the agent was granted. Faults of the registry pass through. */
export function readToolGrants(
  agentId: string,
  { clients, kept, tenantId, callOptions }: RegistryReach,
): Promise<ReadonlySet<string>> {
  return kept.get(`tool grants ${tenantId} ${agentId}`, {
    tags: [
      { tenantId, entityType: 'tool_access' },
      { tenantId, entityType: 'tool' },
      { tenantId, entityType: 'agent', entityId: agentId },
    ],
    load: async () => {
      const { permissions } = await clients.access.listToolAccess({ agentId }, shareable(callOptions()));
      const own = permissions.filter((permission) => permission.agentId === agentId);
      return new Set(own.map(({ toolName }) => toolName));
    },
  });
}

/** The same options without the end of their caller, for an answer that others may be waiting for too. */
export function shareable({ signal: _, ...options }: CallOptions): CallOptions {
  return options;
}
