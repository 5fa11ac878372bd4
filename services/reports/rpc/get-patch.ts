// GetPatch: one patch as it stands, with its changes.
import type { ServiceImpl } from '@connectrpc/connect';
import { notFound } from '../../../foundation/fault/fault.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { PatchService } from '../../../proto/gen/domainflow/reports/v1/patch_service_pb.js';
import { isPatchId, newestState } from '../core/patch.ts';
import type { ChangeParts } from '../engine/change-report.ts';
import { patchMessage } from './patch-wire.ts';

/** Answers `not_found` for ids that are absent, foreign or of the wrong form, and for patches of deleted reports. */
export function getPatch({ store, patches }: ChangeParts): ServiceImpl<typeof PatchService>['getPatch'] {
  return async ({ patchId }, context) => {
    const { tenantId } = principalOf(context);
    const patch = isPatchId(patchId) ? await patches.find({ tenantId, patchId }) : undefined;
    const report = patch && (await store.find(patch));
    if (!report) throw notFound('patch');
    return { patch: patchMessage(newestState(patch, report.outbox)) };
  };
}
