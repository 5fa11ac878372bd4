// GetTool: one tool of the caller's tenant or of the platform, never with its credentials.
import type { ServiceImpl } from '@connectrpc/connect';
import { notFound } from '../../../foundation/fault/fault.ts';
import type { ToolService } from '../../../proto/gen/domainflow/registry/v1/tool_service_pb.js';
import { isToolName } from '../core/tool-name.ts';
import type { ToolStore } from '../store/store.ts';
import { tenantPrincipal } from './tenant-principal.ts';
import { toolMessage } from './tool-wire.ts';

/** GetTool. `not_found` for a tool that does not exist or is another tenant's. */
export function getTool(store: ToolStore): ServiceImpl<typeof ToolService>['getTool'] {
  return async ({ toolName }, context) => {
    const { tenantId } = tenantPrincipal(context);
    const tool = isToolName(toolName) ? await store.findTool(tenantId, toolName) : undefined;
    if (!tool) throw notFound('tool');
    return { tool: toolMessage(tool) };
  };
}
