// What a re-run runs: the wish as it was asked, the plan of the old run or the newest, and what can be taken over.
import type { HandlerContext } from '@connectrpc/connect';
import { asFault, Fault, invalidArgument, type Violation } from '../../../foundation/fault/fault.ts';
import { onBehalfOf } from '../../../foundation/rpc/caller.ts';
import type { RerunExecutionRequest } from '../../../proto/gen/domainflow/orchestrator/v1/control_service_pb.js';
import {
  RerunVersions,
  RerunMode as WireMode,
} from '../../../proto/gen/domainflow/orchestrator/v1/rerun_pb.js';
import { AgentClass } from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import type { ExecutionKind } from '../core/execution-kind.ts';
import type { PinnedText, StoredExecution } from '../core/execution-record.ts';
import { checkRerun, planRerun, type RerunMode, type RerunPlan, type RerunWish } from '../core/rerun.ts';
import type { PlanSource } from '../engine/plan-source.ts';
import { readState, type StateDeps } from './get-execution-state.ts';

/** What planning a re-run needs. */
export interface RerunPlanDeps extends StateDeps {
  readonly plans: PlanSource;
}

/** A wish of the right form. */
export interface AskedRerun extends RerunWish {
  /** Absent keeps the plan of the old run. */
  readonly latest?: AgentClass;
}

/** A re-run with the plan that it pins. */
export interface RerunPlanned extends RerunPlan {
  readonly domainVersion: number;
  readonly pinned: PinnedText;
}

const modes: Partial<Record<WireMode, RerunMode>> = {
  [WireMode.FAILED]: 'failed',
  [WireMode.FROM]: 'from',
  [WireMode.ALL]: 'all',
};

const playbooks: Partial<Record<ExecutionKind, AgentClass>> = {
  ingest: AgentClass.INGESTION,
  query: AgentClass.QUERY,
  management: AgentClass.MANAGEMENT,
};

/** The wish in a request, or everything that is wrong with its form. */
export function rerunWish(
  { mode: wireMode, from, versions }: RerunExecutionRequest,
  kind: ExecutionKind,
): AskedRerun | { readonly violations: readonly Violation[] } {
  const mode = modes[wireMode];
  const latest = versions === RerunVersions.LATEST ? playbooks[kind] : undefined;
  const isKnown = versions in RerunVersions;
  const noPlaybook = versions === RerunVersions.LATEST && latest === undefined;
  const violations = [
    ...(mode ? [] : [{ field: 'mode', reason: 'must be failed, from or all' }]),
    ...(isKnown ? [] : [{ field: 'versions', reason: 'must be pinned or latest' }]),
    ...(noPlaybook
      ? [{ field: 'versions', reason: 'must be pinned: no playbook stands behind the run' }]
      : []),
  ];
  if (!mode || violations.length > 0) return { violations };
  return { mode, from, ...(latest === undefined ? {} : { latest }) };
}

/** Plans it. Fault `invalid_argument` for a task that is not there. */
export async function planOfRerun(
  deps: RerunPlanDeps,
  { execution, wish }: { readonly execution: StoredExecution; readonly wish: AskedRerun },
  context: HandlerContext,
): Promise<RerunPlanned> {
  const [state, { domainVersion, pinned }] = await Promise.all([
    readState(deps, execution, { fresh: true }),
    planToRun(deps, { execution, wish }, context),
  ]);
  const { run: plan } = deps.openPlan(pinned);
  const basis = { executionId: execution.id, state, plan, inputChanged: false };
  const violations = checkRerun(wish, basis);
  if (violations.length > 0) throw invalidArgument(violations);
  return { ...planRerun(wish, basis), domainVersion, pinned };
}

async function planToRun(
  { plans }: RerunPlanDeps,
  { execution, wish }: { readonly execution: StoredExecution; readonly wish: AskedRerun },
  context: HandlerContext,
): Promise<Pick<RerunPlanned, 'domainVersion' | 'pinned'>> {
  const { tenantId, domainId, domainVersion, plan: pinned } = execution;
  if (wish.latest === undefined) return { domainVersion, pinned };
  const asked = { tenantId, domainId, playbook: wish.latest };
  return plans.resolve(asked, onBehalfOf(context)).catch((error: unknown) => {
    if (asFault(error).reason !== 'not_found') throw error;
    throw new Fault('failed_precondition', 'The domain of the run does not exist any more');
  });
}
