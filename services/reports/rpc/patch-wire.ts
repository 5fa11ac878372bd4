// Patches as messages, and their statuses back. Patches themselves are never read from messages: they are made here.
import { create, fromJson } from '@bufbuild/protobuf';
import { ValueSchema } from '@bufbuild/protobuf/wkt';
import * as proto from '../../../proto/gen/domainflow/reports/v1/patch_pb.js';
import type { Patch, PatchChange, PatchStatus } from '../core/patch.ts';
import { timestampOf } from './time-wire.ts';

const statuses: Readonly<Record<PatchStatus, proto.PatchStatus>> = {
  proposed: proto.PatchStatus.PROPOSED,
  applied: proto.PatchStatus.APPLIED,
  rejected: proto.PatchStatus.REJECTED,
  reverted: proto.PatchStatus.REVERTED,
  conflicted: proto.PatchStatus.CONFLICTED,
};

/** A patch as a message. */
export function patchMessage(patch: Patch): proto.Patch {
  const { id, patchId, incidentId, domainId, jobId, queryId, agentId, agentVersion } = patch;
  const { reason, createdBy, decidedBy, reverts, revertedBy } = patch;
  return create(proto.PatchSchema, {
    ...{ id, patchId, incidentId, domainId, jobId, queryId, agentId, agentVersion },
    ...{ reason, createdBy, decidedBy, reverts, revertedBy },
    source: patch.source === 'agent' ? proto.PatchSource.AGENT : proto.PatchSource.USER,
    changes: patch.changes.map(changeMessage),
    references: [...patch.references],
    status: statuses[patch.status],
    createdAt: timestampOf(patch.createdAt),
    ...(patch.decidedAt !== undefined && { decidedAt: timestampOf(patch.decidedAt) }),
  });
}

/** The status of a message; undefined for an unspecified or unknown one. */
export function patchStatusOf(message: proto.PatchStatus): PatchStatus | undefined {
  const found = Object.entries(statuses).find(([, value]) => value === message);
  return found?.[0] as PatchStatus | undefined;
}

function changeMessage({ path, before, after }: PatchChange): proto.PatchChange {
  return create(proto.PatchChangeSchema, {
    path,
    ...(before !== undefined && { before: fromJson(ValueSchema, before) }),
    ...(after !== undefined && { after: fromJson(ValueSchema, after) }),
  });
}
