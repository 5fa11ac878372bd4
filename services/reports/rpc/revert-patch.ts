// RevertPatch: a person takes an applied change back, by a new patch.
import type { ServiceImpl } from '@connectrpc/connect';
import { Fault, notFound } from '../../../foundation/fault/fault.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { PatchService } from '../../../proto/gen/domainflow/reports/v1/patch_service_pb.js';
import type { Patch } from '../core/patch.ts';
import { decideRevert } from '../core/patch-decisions.ts';
import type { ChangingParts } from './change-parts.ts';
import { decideOnPatch } from './patch-decision.ts';
import { patchMessage } from './patch-wire.ts';

/** Answers the new patch and the document without the change. */
export function revertPatch(parts: ChangingParts): ServiceImpl<typeof PatchService>['revertPatch'] {
  return async ({ patchId, reason, requestId }, context) => {
    const id = newId();
    const call = { call: 'revert', patchId, requestId, reason, principal: principalOf(context) } as const;
    const { patch, report, replayed } = await decideOnPatch(parts, call, {
      markOf: ({ revertMark }) => revertMark,
      again: async (held, reverted) => ({ report: held, patch: await reverting(parts, reverted, reason) }),
      decide: (held, applied, decision) => decideRevert(held, applied, { ...decision, id, reason }),
    });
    return { patch: patchMessage(patch), report: await parts.show(report), replayed };
  };
}

async function reverting(
  { patches }: ChangingParts,
  { tenantId, revertedBy }: Patch,
  reason: string,
): Promise<Patch> {
  const patch = await patches.find({ tenantId, patchId: revertedBy });
  if (!patch) throw notFound('patch');
  if (patch.reason === reason) return patch;
  throw new Fault(
    'request_reused',
    'The name of this request (Idempotency-Key) was used for another one; choose a new one',
  );
}
