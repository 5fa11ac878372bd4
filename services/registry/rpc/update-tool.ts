// UpdateTool: changes the given fields of a tool.
import type { ServiceImpl } from '@connectrpc/connect';
import { refuseProblems } from '../../../foundation/json/document.ts';
import type { ToolService } from '../../../proto/gen/domainflow/registry/v1/tool_service_pb.js';
import { toolRecord } from '../core/tool.ts';
import { readToolChange, type ToolRules } from '../core/tool-document.ts';
import type { ToolStore } from '../store/store.ts';
import { actorOf } from './actor.ts';
import { changeableTool } from './changeable-tool.ts';
import { toolMessage } from './tool-wire.ts';

/**
 * UpdateTool. `permission_denied` for all but admins and for a tool of the platform; `not_found` for one that does not exist or is
 * another tenant's; `invalid_argument` with every violated rule.
 */
export function updateTool(
  store: ToolStore,
  rules: ToolRules,
): ServiceImpl<typeof ToolService>['updateTool'] {
  return async ({ toolName, definition = {} }, context) => {
    const actor = actorOf(context, 'admin');
    const changed = await store.changeTools(actor, async (change) => {
      const tool = await changeableTool(change, actor, toolName);
      const { write, problems } = readToolChange(definition, tool, rules);
      refuseProblems(problems);
      const { credentials } = write;
      const hasCredentials = credentials === undefined ? tool.hasCredentials : credentials !== null;
      return change.updateTool(tool, write, {
        operation: 'update',
        entityType: 'tool',
        entityId: toolName,
        message: credentials ? 'The tool was changed; it has new credentials' : 'The tool was changed',
        before: toolRecord(tool, tool.hasCredentials),
        after: toolRecord(write.content, hasCredentials),
      });
    });
    return { tool: toolMessage(changed) };
  };
}
