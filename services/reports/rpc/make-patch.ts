// MakePatch: what an agent wants to change, applied or proposed.
import type { ServiceImpl } from '@connectrpc/connect';
import { Fault, invalidArgument, notFound, type Violation } from '../../../foundation/fault/fault.ts';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import { PatchMode } from '../../../proto/gen/domainflow/reports/v1/patch_pb.js';
import type {
  MakePatchRequest,
  PatchService,
} from '../../../proto/gen/domainflow/reports/v1/patch_service_pb.js';
import { type Patch, patchIdOf } from '../core/patch.ts';
import { decideMake, type Making } from '../core/patch-decisions.ts';
import { newPatchProblems, wishProblems } from '../core/patch-problems.ts';
import { requireManagementOf } from '../core/permission.ts';
import { isIncidentId } from '../core/report-problems.ts';
import { markOf } from '../core/request-mark.ts';
import { changeReport } from '../engine/change-report.ts';
import { type ChangingParts, nowOf, withinLimits } from './change-parts.ts';
import { patchMessage } from './patch-wire.ts';
import { requiredIso } from './time-wire.ts';

/** Answers the patch as it stands when it was made before, and none when there is nothing to change. */
export function makePatch(parts: ChangingParts): ServiceImpl<typeof PatchService>['makePatch'] {
  return async (request, context) => {
    const principal = principalOf(context);
    const { incidentId } = request;
    requireManagementOf(principal, incidentId);
    const making = makingOf(request, principal, nowOf(parts));
    const problems = requestProblems(request, making);
    if (problems.length > 0) throw invalidArgument(problems);
    if (!isIncidentId(incidentId)) throw notFound('report');
    const key = { tenantId: principal.tenantId, incidentId };
    const patch = await changeReport(parts, key, async (report) => {
      const held = await parts.patches.find({ ...key, patchId: patchIdOf(making.patch.id) });
      if (held) return { answer: own(held, incidentId, making) };
      const decided = withinLimits(decideMake(report, making));
      return { next: decided?.report, answer: decided?.patch };
    });
    return patch ? { patch: patchMessage(patch) } : {};
  };
}

function makingOf(request: MakePatchRequest, { userId }: Principal, at: string): Making {
  const { status, managementData, mode, jobId, queryId, agentId, agentVersion, reason } = request;
  const { references } = request;
  const wish = { status, managementData };
  const parts = { jobId, queryId, agentId, agentVersion, reason, references };
  const wishMark = markOf({ ...parts, ...wish, mode });
  return {
    patch: { id: request.id.toLowerCase(), source: 'agent', ...parts, wishMark },
    wish,
    auto: mode === PatchMode.AUTO,
    by: userId,
    madeAt: requiredIso(request.at, 'at'),
    at,
  };
}

function requestProblems({ mode }: MakePatchRequest, { patch, wish }: Making): readonly Violation[] {
  const known = mode === PatchMode.AUTO || mode === PatchMode.REVIEW;
  return [
    ...newPatchProblems(patch),
    ...wishProblems(wish),
    ...(known ? [] : [{ field: 'mode', reason: 'must be auto or review' }]),
  ];
}

function own(held: Patch, incidentId: string, { patch }: Making): Patch {
  if (held.incidentId === incidentId && held.wishMark === patch.wishMark) return held;
  throw new Fault('already_exists', 'The id of the patch is taken by another');
}
