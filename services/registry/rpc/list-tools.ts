// ListTools: all tools of the caller's tenant and of the platform, by name.
import type { ServiceImpl } from '@connectrpc/connect';
import { invalidArgument } from '../../../foundation/fault/fault.ts';
import { ToolType } from '../../../proto/gen/domainflow/registry/v1/tool_pb.js';
import type { ToolService } from '../../../proto/gen/domainflow/registry/v1/tool_service_pb.js';
import type { ToolStore } from '../store/store.ts';
import { tenantPrincipal } from './tenant-principal.ts';
import { toolMessage, toolTypeOf } from './tool-wire.ts';

/** ListTools. `invalid_argument` for a type that this version does not know. */
export function listTools(store: ToolStore): ServiceImpl<typeof ToolService>['listTools'] {
  return async (request, context) => {
    const { tenantId } = tenantPrincipal(context);
    const toolType = toolTypeOf(request.toolType);
    if (!toolType && request.toolType !== ToolType.UNSPECIFIED) {
      throw invalidArgument([{ field: 'tool_type', reason: 'is not known' }]);
    }
    const tools = await store.listTools(tenantId, toolType);
    return { tools: tools.map(toolMessage) };
  };
}
