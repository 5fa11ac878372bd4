// RerunExecution: a new run of what an ended one was about, with what can be taken over from it.
import type { HandlerContext, ServiceImpl } from '@connectrpc/connect';
import { context as contextApi } from '@opentelemetry/api';
import { Fault, invalidArgument } from '../../../foundation/fault/fault.ts';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import { storeTrace } from '../../../foundation/telemetry/propagation.ts';
import {
  type ControlService,
  type RerunExecutionRequest,
  RerunExecutionRequestSchema,
} from '../../../proto/gen/domainflow/orchestrator/v1/control_service_pb.js';
import { RerunVersions } from '../../../proto/gen/domainflow/orchestrator/v1/rerun_pb.js';
import type { ExecutionRecord, StoredExecution } from '../core/execution-record.ts';
import { jobOf, repeatJob } from '../core/job-input.ts';
import { jobIdOf } from '../core/public-id.ts';
import { checkRequestId, type RequestName } from '../core/request-name.ts';
import { requireState, requireSteerer } from '../core/run-control.ts';
import { runNow } from './control-command.ts';
import { type DocumentDeps, earlierJobOf } from './rerun-document.ts';
import { planOfRerun, type RerunPlanDeps, type RerunPlanned, rerunWish } from './rerun-plan.ts';
import { type OnceDeps, requestHash, startOnce } from './start-once.ts';

/** What re-runs need. */
export interface RerunDeps extends RerunPlanDeps, DocumentDeps, OnceDeps {}

/** RerunExecution. */
export function rerunExecution(deps: RerunDeps): ServiceImpl<typeof ControlService>['rerunExecution'] {
  return async (request, context) => {
    const caller = principalOf(context);
    const execution = await runNow(deps, caller.tenantId, request.jobId);
    requireSteerer(caller, execution, 'rerun');
    const wish = rerunWish(request, execution.kind);
    const violations = [
      ...('violations' in wish ? wish.violations : []),
      ...checkRequestId(request.requestId),
    ];
    if ('violations' in wish || violations.length > 0) throw invalidArgument(violations);
    requireState('rerun', execution.status);
    const prepare = async () => {
      const planned = await planOfRerun(deps, { execution, wish }, context);
      const earlierJobId = await earlierJobOf(deps, execution, context);
      return { planned, earlierJobId };
    };
    const rerunOf = jobIdOf(execution.id);
    if (request.preview) {
      const { planned } = await prepare();
      return { rerunOf, reused: nodesOf(planned), toRun: [...planned.toRun] };
    }
    const { executionId, replayed } = await startOnce(deps, {
      name: nameOf(request, caller),
      prepare: async () => {
        const prepared = await prepare();
        requireWork(execution, prepared.planned);
        return recordOf(deps, { execution, ...prepared }, context);
      },
    });
    return { jobId: jobIdOf(executionId), rerunOf, replayed, ...(await partsOf(deps, caller, executionId)) };
  };
}

// A run that ended well and of which nothing would run again would only be applied a second time.
function requireWork({ status }: StoredExecution, { toRun }: RerunPlanned): void {
  if (toRun.length > 0 || status !== 'completed') return;
  throw new Fault('failed_precondition', 'The run has completed, and nothing of it would run again');
}

// Versions that were not given ask for the same as pinned ones, and are hashed like them.
function nameOf(request: RerunExecutionRequest, { tenantId, userId }: Principal): RequestName | undefined {
  const { requestId: key } = request;
  if (key === '') return undefined;
  const isPinned = request.versions === RerunVersions.PINNED;
  const versions = isPinned ? RerunVersions.UNSPECIFIED : request.versions;
  const bodyHash = requestHash(RerunExecutionRequestSchema, { ...request, versions });
  return { tenantId, userId, route: 'rerun_execution', key, bodyHash };
}

interface Prepared {
  readonly execution: StoredExecution;
  readonly planned: RerunPlanned;
  readonly earlierJobId: string;
}

// Whoever repeats a run is who starts it; what it is about and what it is given stay.
function recordOf(
  { clock }: RerunDeps,
  { execution, planned, earlierJobId }: Prepared,
  context: HandlerContext,
): ExecutionRecord {
  const { tenantId, kind, domainId, subjectId, sessionId, input } = execution;
  const trace = storeTrace(contextApi.active());
  const repeats = { earlierJobId, reused: nodesOf(planned) };
  return {
    ...{ tenantId, kind, domainId, subjectId },
    id: newId(),
    domainVersion: planned.domainVersion,
    plan: planned.pinned,
    ...(sessionId === undefined ? {} : { sessionId }),
    input: repeatJob(input, { repeats, answerId: newId() }),
    principal: principalOf(context),
    ...(trace ? { trace } : {}),
    createdAtMs: clock(),
    rerunOf: execution.id,
  };
}

function nodesOf({ reused }: RerunPlanned): string[] {
  return reused.map(({ nodeId }) => nodeId);
}

// Told from what was recorded, so that a repeated request is answered the same.
async function partsOf({ executions, openPlan }: RerunDeps, { tenantId }: Principal, id: string) {
  const started = await executions.read(tenantId, id, { fresh: true });
  const reused = started ? (jobOf(started.input).repeats?.reused ?? []) : [];
  const { tasks = [] } = started ? openPlan(started.plan).run : {};
  const toRun = tasks.map(({ nodeId }) => nodeId).filter((nodeId) => !reused.includes(nodeId));
  return { reused: [...reused], toRun };
}
