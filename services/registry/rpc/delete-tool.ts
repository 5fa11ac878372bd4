// DeleteTool: removes a tool with its credentials and every permission for it. Agents that list it keep the name.
import type { ServiceImpl } from '@connectrpc/connect';
import type { ToolService } from '../../../proto/gen/domainflow/registry/v1/tool_service_pb.js';
import { toolRecord } from '../core/tool.ts';
import type { ToolStore } from '../store/store.ts';
import { actorOf } from './actor.ts';
import { changeableTool } from './changeable-tool.ts';

/** DeleteTool. Refusals as those of UpdateTool. */
export function deleteTool(store: ToolStore): ServiceImpl<typeof ToolService>['deleteTool'] {
  return async ({ toolName }, context) => {
    const actor = actorOf(context, 'admin');
    await store.changeTools(actor, async (change) => {
      const tool = await changeableTool(change, actor, toolName);
      await change.deleteTool(tool, {
        operation: 'delete',
        entityType: 'tool',
        entityId: toolName,
        message: 'The tool was deleted, with every permission for it',
        before: toolRecord(tool, tool.hasCredentials),
      });
    });
    return {};
  };
}
