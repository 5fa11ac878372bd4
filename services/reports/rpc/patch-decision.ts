// What the three calls that decide on a patch have in common: who may, which request it is, and that a repeated one is answered again.
import { type Fault, invalidArgument, notFound } from '../../../foundation/fault/fault.ts';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import { isPatchId, type Patch } from '../core/patch.ts';
import type { Decided, Decision } from '../core/patch-decisions.ts';
import { decisionProblems } from '../core/patch-problems.ts';
import { requireEditor } from '../core/permission.ts';
import type { Report } from '../core/report.ts';
import { markOf } from '../core/request-mark.ts';
import { changeByPatch } from '../engine/change-report.ts';
import { type ChangingParts, nowOf, withinLimits } from './change-parts.ts';

/** A call about one patch. */
export interface PatchCall {
  readonly call: 'apply' | 'reject' | 'revert';
  readonly patchId: string;
  /** Empty for none. */
  readonly requestId: string;
  readonly reason?: string;
}

/** How a call is decided. */
export interface Deciding {
  /** The mark of the request that brought the patch where this call would bring it; empty for none. */
  readonly markOf: (patch: Patch) => string;
  /** What was answered to that request, from the patch and its report as they stand. */
  readonly again: (report: Report, patch: Patch) => Promise<PatchAnswer> | PatchAnswer;
  readonly decide: (report: Report, patch: Patch, decision: Decision) => Decided;
}

/** What a call answers. */
export interface PatchAnswer {
  readonly report: Report;
  readonly patch: Patch;
  /** What to throw instead; absent when the call went as it was wanted. */
  readonly failure?: Fault | undefined;
}

/** The answer to a call, and whether it had been carried out before. Throws the call's own failure. */
export async function decideOnPatch(
  parts: ChangingParts,
  { principal, ...call }: PatchCall & { readonly principal: Principal },
  { markOf: markOfPatch, again, decide }: Deciding,
): Promise<PatchAnswer & { readonly replayed: boolean }> {
  requireEditor(principal);
  const problems = decisionProblems(call);
  if (problems.length > 0) throw invalidArgument(problems);
  const { tenantId, userId } = principal;
  if (!isPatchId(call.patchId)) throw notFound('patch');
  const decision: Decision = { by: userId, at: nowOf(parts), mark: requestMark(userId, call) };
  const key = { tenantId, patchId: call.patchId };
  const made = await changeByPatch(parts, key, async (report, patch) => {
    if (markOfPatch(patch) === decision.mark) {
      // The report was read before its patch: another try of this request may have written it in between.
      const newest = await parts.store.find(report);
      if (!newest) throw notFound('patch');
      return { answer: { ...(await again(newest, patch)), replayed: call.requestId !== '' } };
    }
    const decided = withinLimits(decide(report, patch, decision));
    return { next: decided.report, answer: { ...decided, replayed: false } };
  });
  if (made.failure) throw made.failure;
  return made;
}

// A request without a name is like no other, but knows its own write when the answer to that was lost.
function requestMark(userId: string, { call, patchId, requestId }: PatchCall): string {
  return markOf([userId, call, patchId, requestId === '' ? { own: newId() } : { given: requestId }]);
}
