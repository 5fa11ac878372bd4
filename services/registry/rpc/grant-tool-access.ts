// GrantToolAccess: lets an agent of the caller's tenant call a tool. Listing a tool in the agent's definition grants nothing.
import type { ServiceImpl } from '@connectrpc/connect';
import { Fault, notFound } from '../../../foundation/fault/fault.ts';
import type { ToolAccessService } from '../../../proto/gen/domainflow/registry/v1/tool_service_pb.js';
import { isAgentId } from '../core/definition-id.ts';
import { grantsMax } from '../core/tool.ts';
import { requireGrantable } from '../core/tool-access.ts';
import { toolReferenceOf } from '../core/tool-name.ts';
import type { ToolChange, ToolStore } from '../store/store.ts';
import { actorOf, requireMayChange } from './actor.ts';
import { accessRecord } from './tool-access-record.ts';
import { permissionMessage } from './tool-wire.ts';

/**
 * GrantToolAccess; granting again changes nothing. `permission_denied` for all but admins and for agents of the platform; `not_found`
 * without the agent or the tool; `invalid_argument` for an MCP server as a whole.
 */
export function grantToolAccess(store: ToolStore): ServiceImpl<typeof ToolAccessService>['grantToolAccess'] {
  return async ({ agentId, toolName }, context) => {
    const actor = actorOf(context, 'admin');
    const asked = { agentId, toolName };
    const permission = await store.changeTools(actor, async (change) => {
      const agent = isAgentId(agentId) ? await change.agent(agentId) : undefined;
      if (!agent) throw notFound('agent');
      const reference = toolReferenceOf(toolName);
      if (!reference) throw notFound('tool');
      const tool = await change.tool(reference.toolName);
      if (!tool) throw notFound('tool');
      requireMayChange(actor, agent, 'agent');
      requireGrantable(reference, tool);
      const known = await change.permission(asked);
      if (known) return known;
      if ((await change.earlierWrite()) !== undefined) throw notFound('permission');
      await requireGrantLeft(change);
      return change.insertPermission(asked, accessRecord('grant', asked));
    });
    return { permission: permissionMessage(permission) };
  };
}

async function requireGrantLeft(change: Pick<ToolChange, 'permissionCount'>): Promise<void> {
  if ((await change.permissionCount()) < grantsMax) return;
  throw new Fault('failed_precondition', `A tenant may grant ${grantsMax} permissions; revoke one first`);
}
