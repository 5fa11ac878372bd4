// What the audit log keeps of a permission.
import type { WriteRecord } from '../core/audit.ts';
import type { PermissionAsked } from '../store/store.ts';

/** The record of granting or revoking. The entity is named by agent and tool. */
export function accessRecord(
  operation: 'grant' | 'revoke',
  { agentId, toolName }: PermissionAsked,
): WriteRecord {
  const permission = { agent_id: agentId, tool_name: toolName };
  const granted = operation === 'grant';
  return {
    operation,
    entityType: 'tool_access',
    entityId: `${agentId} ${toolName}`,
    message: granted ? 'The agent was allowed to call the tool' : 'The agent may call the tool no longer',
    ...(granted ? { after: permission } : { before: permission }),
  };
}
