// VerifyToolAccess: whether an agent may call a tool, denied by default; for the agents service also what the call is proved with.
import type { HandlerContext, ServiceImpl } from '@connectrpc/connect';
import { Fault } from '../../../foundation/fault/fault.ts';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { callingServiceOf } from '../../../foundation/rpc/caller.ts';
import type { ToolAccessService } from '../../../proto/gen/domainflow/registry/v1/tool_service_pb.js';
import { isAgentId } from '../core/definition-id.ts';
import { type AccessFacts, allowedTool, requireEffectOf } from '../core/tool-access.ts';
import { toolReferenceOf } from '../core/tool-name.ts';
import type { PermissionAsked, ToolStore } from '../store/store.ts';
import { actorOf } from './actor.ts';
import { tenantPrincipal } from './tenant-principal.ts';
import { toolMessage } from './tool-wire.ts';

const nothing: AccessFacts = { tool: undefined, agentKnown: false, granted: false };

/**
 * VerifyToolAccess, for admins and runs. `permission_denied` with a violation on `tool_name` that says why, and, without one, when the
 * caller may not ask or may not be given credentials.
 */
export function verifyToolAccess(
  store: ToolStore,
): ServiceImpl<typeof ToolAccessService>['verifyToolAccess'] {
  return async ({ agentId, toolName, includeCredentials }, context) => {
    const { tenantId, run } = askerOf(context);
    if (includeCredentials) requireAgentsService(context);
    const tool = allowedTool(toolName, await factsOf(store, tenantId, { agentId, toolName }));
    if (run) requireEffectOf(run.capability, tool);
    const credentials = includeCredentials ? await store.findCredentials(tenantId, tool) : undefined;
    return { tool: toolMessage(tool), ...(credentials ? { credentials } : {}) };
  };
}

function askerOf(context: HandlerContext): Principal {
  const principal = tenantPrincipal(context);
  if (!principal.run) actorOf(context, 'admin');
  return principal;
}

function requireAgentsService(context: HandlerContext): void {
  const { run } = tenantPrincipal(context);
  if (run && callingServiceOf(context).service === 'agents') return;
  throw new Fault('permission_denied', 'Credentials are given to the agents service alone');
}

async function factsOf(store: ToolStore, tenantId: string, asked: PermissionAsked): Promise<AccessFacts> {
  const reference = toolReferenceOf(asked.toolName);
  if (!reference) return nothing;
  // An id of another form is no agent's; the tool may be there all the same.
  if (!isAgentId(asked.agentId))
    return { ...nothing, tool: await store.findTool(tenantId, reference.toolName) };
  return store.findToolAccess(tenantId, { ...asked, sourceName: reference.toolName });
}
