// Which tools an agent was granted, as the registry says. What cannot be found out is not granted: the fault ends the attempt.
import type { CallOptions } from '@connectrpc/connect';
import type { WatchedCache } from '../../../foundation/rpc/watched-cache.ts';
import type { ToolPermission } from '../../../proto/gen/domainflow/registry/v1/tool_pb.js';
import type { MeshClients } from '../clients/mesh-clients.ts';

/** What asking the registry needs. */
export interface RegistryReach {
  readonly clients: Pick<MeshClients, 'tenants' | 'access'>;
  /** Keeps answers for as long as the registry would tell of a change. */
  readonly kept: Pick<WatchedCache, 'get'>;
  readonly tenantId: string;
  /** Identity and time of each call. */
  readonly callOptions: () => CallOptions;
}

/** A permission to call a tool. */
export interface ToolGrant {
  /** Another one for each time that the tool is granted; empty when that is not told. */
  readonly grantedAt: string;
  /** True for what the platform's own agents come with. */
  readonly isBuiltin: boolean;
}

/** Names of what the agent was granted. Faults of the registry pass through. */
export async function readToolGrants(agentId: string, registry: RegistryReach): Promise<ReadonlySet<string>> {
  return new Set((await readGrants(agentId, registry)).keys());
}

/** What the agent was granted, by the names of the tools. Faults of the registry pass through. */
export function readGrants(
  agentId: string,
  { clients, kept, tenantId, callOptions }: RegistryReach,
): Promise<ReadonlyMap<string, ToolGrant>> {
  return kept.get(`tool grants ${tenantId} ${agentId}`, {
    tags: [
      { tenantId, entityType: 'tool_access' },
      { tenantId, entityType: 'tool' },
      { tenantId, entityType: 'agent', entityId: agentId },
    ],
    load: async () => {
      const { permissions } = await clients.access.listToolAccess({ agentId }, shareable(callOptions()));
      const own = permissions.filter((permission) => permission.agentId === agentId);
      return new Map(own.map((permission) => [permission.toolName, grantOf(permission)]));
    },
  });
}

function grantOf({ grantedAt, isBuiltin }: ToolPermission): ToolGrant {
  return { grantedAt: grantedAt ? `${grantedAt.seconds}.${grantedAt.nanos}` : '', isBuiltin };
}

/** The same options without the end of their caller, for an answer that others may be waiting for too. */
export function shareable({ signal: _, ...options }: CallOptions): CallOptions {
  return options;
}
