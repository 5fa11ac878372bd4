// CreateTool: stores a new tool of the caller's tenant, its credentials sealed.
import type { ServiceImpl } from '@connectrpc/connect';
import { Fault, notFound } from '../../../foundation/fault/fault.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import { refuseProblems } from '../../../foundation/json/document.ts';
import type { ToolService } from '../../../proto/gen/domainflow/registry/v1/tool_service_pb.js';
import { type Tool, toolRecord, toolsMax } from '../core/tool.ts';
import { readNewTool, type ToolRules } from '../core/tool-document.ts';
import type { ToolChange, ToolStore } from '../store/store.ts';
import { actorOf } from './actor.ts';
import { toolMessage } from './tool-wire.ts';

const taken = { field: 'tool_name', reason: 'is the name of another tool; choose one that is free' };

/**
 * CreateTool. `permission_denied` for all but admins; `invalid_argument` with every violated rule, a name that is taken included;
 * `failed_precondition` when the tenant has as many tools as it may.
 */
export function createTool(
  store: ToolStore,
  rules: ToolRules,
): ServiceImpl<typeof ToolService>['createTool'] {
  return async ({ definition = {} }, context) => {
    const actor = actorOf(context, 'admin');
    const { write, problems } = readNewTool(definition, rules);
    const { toolName } = write.content;
    const tool = await store.changeTools(actor, async (change) => {
      const earlier = await change.earlierWrite();
      if (earlier !== undefined) return toolNow(change, earlier);
      const isTaken = toolName !== '' && (await change.tool(toolName)) !== undefined;
      refuseProblems(isTaken ? [taken, ...problems] : problems);
      if ((await change.toolCount()) >= toolsMax) {
        throw new Fault('failed_precondition', `A tenant may have ${toolsMax} tools; delete one first`);
      }
      return change.insertTool(newId(), write, {
        operation: 'create',
        entityType: 'tool',
        entityId: toolName,
        message: 'The tool was created',
        after: toolRecord(write.content, write.credentials !== null),
      });
    });
    return { tool: toolMessage(tool) };
  };
}

// What a request is answered that comes again.
async function toolNow(change: ToolChange, toolName: string): Promise<Tool> {
  const tool = await change.tool(toolName);
  if (!tool) throw notFound('tool');
  return tool;
}
