// RevokeToolAccess: takes a permission away. From its commit on, nobody is told that the agent may call the tool.
import type { ServiceImpl } from '@connectrpc/connect';
import { notFound } from '../../../foundation/fault/fault.ts';
import type { ToolAccessService } from '../../../proto/gen/domainflow/registry/v1/tool_service_pb.js';
import { isAgentId } from '../core/definition-id.ts';
import { toolReferenceOf } from '../core/tool-name.ts';
import type { ToolStore } from '../store/store.ts';
import { actorOf, requireMayChange } from './actor.ts';
import { accessRecord } from './tool-access-record.ts';

/** RevokeToolAccess. `permission_denied` for all but admins and for agents of the platform; `not_found` without the permission. */
export function revokeToolAccess(
  store: ToolStore,
): ServiceImpl<typeof ToolAccessService>['revokeToolAccess'] {
  return async ({ agentId, toolName }, context) => {
    const actor = actorOf(context, 'admin');
    const asked = { agentId, toolName };
    await store.changeTools(actor, async (change) => {
      if ((await change.earlierWrite()) !== undefined) return;
      const agent = isAgentId(agentId) ? await change.agent(agentId) : undefined;
      if (!agent) throw notFound('agent');
      requireMayChange(actor, agent, 'agent');
      const known = toolReferenceOf(toolName) && (await change.permission(asked));
      if (!known) throw notFound('permission');
      await change.deletePermission(asked, accessRecord('revoke', asked));
    });
    return {};
  };
}
