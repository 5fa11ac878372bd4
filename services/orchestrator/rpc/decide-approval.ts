// DecideApproval: a person approves or rejects what a run waits for. Of several who decide at the same time one is heard.
import type { ServiceImpl } from '@connectrpc/connect';
import { Fault, invalidArgument, notFound } from '../../../foundation/fault/fault.ts';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { principalOf, requestIdOf } from '../../../foundation/rpc/caller.ts';
import type { ApprovalService } from '../../../proto/gen/domainflow/orchestrator/v1/approval_service_pb.js';
import { checkComment, requireDecider, requireUndecided, requireVerdict } from '../core/approval-rights.ts';
import type { WriteRecord } from '../core/audit.ts';
import { executionIdOf, jobIdOf } from '../core/public-id.ts';
import { requireViewer } from '../core/run-control.ts';
import type { ExecutionKey, StoredApproval } from '../store/store.ts';
import { type CommandDeps, commandRun } from './control-command.ts';
import { type ApprovalDeps, wholeApproval } from './get-approval.ts';
import { type Writer, writerOf } from './writer.ts';

const fresh = { fresh: true };

/** DecideApproval. A request that comes again is answered the decision that it made. */
export function decideApproval(
  deps: ApprovalDeps & CommandDeps,
): ServiceImpl<typeof ApprovalService>['decideApproval'] {
  return async ({ jobId, taskId, approve: approved, comment }, context) => {
    const caller = principalOf(context);
    const writer = writerOf(context);
    const id = executionIdOf(jobId);
    if (!id) throw notFound('approval');
    const key = { tenantId: caller.tenantId, id };
    const asked = await deps.approvals.read(key, taskId, fresh);
    if (!asked) throw await notAsked(deps, { caller, id, taskId });
    requireDecider(caller, asked);
    const violations = checkComment(comment);
    if (violations.length > 0) throw invalidArgument(violations);
    const verdict = { by: caller.userId, approved, comment };
    if (asked.status !== 'waiting' && requestIdOf(context) !== undefined) {
      requireVerdict(asked, verdict);
      return { approval: await wholeApproval(deps, key, asked, fresh) };
    }
    requireUndecided(asked);
    const { nodeId } = asked;
    const command = { type: 'decide_approval', nodeId, ...verdict } as const;
    await commandRun(deps, { key, command, entry: entryOf(asked, approved, writer) }, context);
    const decided = await decisionOf(deps, key, nodeId);
    requireVerdict(decided, verdict);
    return { approval: await wholeApproval(deps, key, decided, fresh) };
  };
}

// Without the comment: it stands in the log of the run.
function entryOf(
  { executionId, nodeId, taskId }: StoredApproval,
  approved: boolean,
  writer: Writer,
): WriteRecord {
  return {
    operation: approved ? 'approval_approve' : 'approval_reject',
    entityType: 'approval',
    entityId: taskId,
    message: approved ? 'Asked for an approval to be given' : 'Asked for an approval to be refused',
    details: {
      job_id: jobIdOf(executionId),
      node_id: nodeId,
      from: 'waiting',
      to: approved ? 'approved' : 'rejected',
    },
    ...writer,
  };
}

async function decisionOf(
  { approvals }: ApprovalDeps,
  key: ExecutionKey,
  nodeId: string,
): Promise<StoredApproval> {
  const decided = await approvals.read(key, nodeId, fresh);
  if (!decided) throw notFound('approval');
  return decided;
}

interface Wanted {
  readonly caller: Principal;
  /** Execution. */
  readonly id: string;
  readonly taskId: string;
}

// A run that has not come to its approval yet does not wait for it; any other task is no approval at all.
async function notAsked(
  { executions, openPlan }: ApprovalDeps,
  { caller, id, taskId }: Wanted,
): Promise<Fault> {
  const execution = await executions.read(caller.tenantId, id, fresh);
  if (!execution) return notFound('approval');
  requireViewer(caller, execution);
  const { tasks } = openPlan(execution.plan).run;
  const task = tasks.find(({ nodeId }) => nodeId === taskId) ?? tasks.find((each) => each.taskId === taskId);
  if (!task?.approval) return notFound('approval');
  return new Fault('failed_precondition', 'The run does not wait for this approval');
}
