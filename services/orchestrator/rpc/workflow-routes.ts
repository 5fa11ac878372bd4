// The RPCs on workflows, each from its file.
import type { ServiceImpl } from '@connectrpc/connect';
import type { WorkflowService } from '../../../proto/gen/domainflow/orchestrator/v1/workflow_service_pb.js';
import { cancelWorkflow } from './cancel-workflow.ts';
import { createWorkflow } from './create-workflow.ts';
import { executeWorkflow } from './execute-workflow.ts';
import { getWorkflow } from './get-workflow.ts';
import { listWorkflows } from './list-workflows.ts';
import type { WorkflowDeps } from './workflow-deps.ts';

/** The whole WorkflowService. */
export function workflowRoutes(deps: WorkflowDeps): ServiceImpl<typeof WorkflowService> {
  const { workflows } = deps.stores;
  return {
    createWorkflow: createWorkflow(deps),
    listWorkflows: listWorkflows(workflows),
    getWorkflow: getWorkflow(workflows),
    executeWorkflow: executeWorkflow(deps),
    cancelWorkflow: cancelWorkflow(deps),
  };
}
