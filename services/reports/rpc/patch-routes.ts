// The RPCs of patches, put together.
import type { ServiceImpl } from '@connectrpc/connect';
import type { PageTokens } from '../../../foundation/paging/page-token.ts';
import type { PatchService } from '../../../proto/gen/domainflow/reports/v1/patch_service_pb.js';
import { applyPatch } from './apply-patch.ts';
import type { ChangingParts } from './change-parts.ts';
import { getPatch } from './get-patch.ts';
import { listPatches } from './list-patches.ts';
import { makePatch } from './make-patch.ts';
import { rejectPatch } from './reject-patch.ts';
import { revertPatch } from './revert-patch.ts';

/** Their handlers. */
export function patchRoutes(
  parts: ChangingParts & { readonly tokens: PageTokens },
): ServiceImpl<typeof PatchService> {
  return {
    makePatch: makePatch(parts),
    getPatch: getPatch(parts),
    listPatches: listPatches(parts),
    applyPatch: applyPatch(parts),
    rejectPatch: rejectPatch(parts),
    revertPatch: revertPatch(parts),
  };
}
