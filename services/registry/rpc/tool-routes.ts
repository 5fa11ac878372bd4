// The RPCs on tools and on access to them, each from its file.
import type { ServiceImpl } from '@connectrpc/connect';
import type {
  ToolAccessService,
  ToolService,
} from '../../../proto/gen/domainflow/registry/v1/tool_service_pb.js';
import type { ToolRules } from '../core/tool-document.ts';
import type { ToolStore } from '../store/store.ts';
import { createTool } from './create-tool.ts';
import { deleteTool } from './delete-tool.ts';
import { getTool } from './get-tool.ts';
import { grantToolAccess } from './grant-tool-access.ts';
import { listToolAccess } from './list-tool-access.ts';
import { listTools } from './list-tools.ts';
import { revokeToolAccess } from './revoke-tool-access.ts';
import { updateTool } from './update-tool.ts';
import { verifyToolAccess } from './verify-tool-access.ts';

/** The whole ToolService. */
export function toolRoutes(store: ToolStore, rules: ToolRules): ServiceImpl<typeof ToolService> {
  return {
    getTool: getTool(store),
    listTools: listTools(store),
    createTool: createTool(store, rules),
    updateTool: updateTool(store, rules),
    deleteTool: deleteTool(store),
  };
}

/** The whole ToolAccessService. */
export function toolAccessRoutes(store: ToolStore): ServiceImpl<typeof ToolAccessService> {
  return {
    grantToolAccess: grantToolAccess(store),
    revokeToolAccess: revokeToolAccess(store),
    listToolAccess: listToolAccess(store),
    verifyToolAccess: verifyToolAccess(store),
  };
}
