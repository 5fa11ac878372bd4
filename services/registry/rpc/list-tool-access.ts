// ListToolAccess: which agent may call which tool, for people and for the runs of agents.
import type { ServiceImpl } from '@connectrpc/connect';
import type { ToolAccessService } from '../../../proto/gen/domainflow/registry/v1/tool_service_pb.js';
import { isAgentId } from '../core/definition-id.ts';
import type { ToolStore } from '../store/store.ts';
import { tenantPrincipal } from './tenant-principal.ts';
import { permissionMessage } from './tool-wire.ts';

/** ListToolAccess; none for an agent that does not exist or is another tenant's. */
export function listToolAccess(store: ToolStore): ServiceImpl<typeof ToolAccessService>['listToolAccess'] {
  return async ({ agentId }, context) => {
    const { tenantId } = tenantPrincipal(context);
    if (agentId === '') {
      return { permissions: (await store.listToolPermissions(tenantId)).map(permissionMessage) };
    }
    if (!isAgentId(agentId)) return { permissions: [] };
    return { permissions: (await store.listToolPermissions(tenantId, agentId)).map(permissionMessage) };
  };
}
