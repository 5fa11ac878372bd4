// ApplyPatch: a person takes a proposed change over.
import type { ServiceImpl } from '@connectrpc/connect';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { PatchService } from '../../../proto/gen/domainflow/reports/v1/patch_service_pb.js';
import { conflictFault, decideApply } from '../core/patch-decisions.ts';
import type { ChangingParts } from './change-parts.ts';
import { type Deciding, decideOnPatch } from './patch-decision.ts';
import { patchMessage } from './patch-wire.ts';

const deciding: Deciding = {
  markOf: ({ decisionMark }) => decisionMark,
  again: (report, patch) => ({
    report,
    patch,
    failure: patch.status === 'conflicted' ? conflictFault(patch) : undefined,
  }),
  decide: decideApply,
};

/** Answers the patch and the document with it. */
export function applyPatch(parts: ChangingParts): ServiceImpl<typeof PatchService>['applyPatch'] {
  return async ({ patchId, requestId }, context) => {
    const call = { call: 'apply', patchId, requestId, principal: principalOf(context) } as const;
    const { patch, report, replayed } = await decideOnPatch(parts, call, deciding);
    return { patch: patchMessage(patch), report: await parts.show(report), replayed };
  };
}
