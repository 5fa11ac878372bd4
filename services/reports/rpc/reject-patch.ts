// RejectPatch: a person declines a proposed change.
import type { ServiceImpl } from '@connectrpc/connect';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { PatchService } from '../../../proto/gen/domainflow/reports/v1/patch_service_pb.js';
import { decideReject } from '../core/patch-decisions.ts';
import type { ChangingParts } from './change-parts.ts';
import { type Deciding, decideOnPatch } from './patch-decision.ts';
import { patchMessage } from './patch-wire.ts';

const deciding: Deciding = {
  markOf: ({ decisionMark }) => decisionMark,
  again: (report, patch) => ({ report, patch }),
  decide: decideReject,
};

/** Answers the patch; its report stays as it is. */
export function rejectPatch(parts: ChangingParts): ServiceImpl<typeof PatchService>['rejectPatch'] {
  return async ({ patchId, requestId }, context) => {
    const call = { call: 'reject', patchId, requestId, principal: principalOf(context) } as const;
    const { patch, replayed } = await decideOnPatch(parts, call, deciding);
    return { patch: patchMessage(patch), replayed };
  };
}
