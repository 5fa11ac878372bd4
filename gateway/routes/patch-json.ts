// Patches as the API shows them.
import { toJson } from '@bufbuild/protobuf';
import { type Value, ValueSchema } from '@bufbuild/protobuf/wkt';
import type { Principal } from '../../foundation/identity/principal.ts';
import {
  type Patch,
  type PatchChange,
  PatchSource,
  PatchStatus,
} from '../../proto/gen/domainflow/reports/v1/patch_pb.js';
import { enumWord } from './enum-words.ts';
import { timeJson } from './time-json.ts';

/** A patch. What only an agent's, a decided or a reverting patch has is null elsewhere. */
export function patchJson(patch: Patch, { userId }: Principal): object {
  return {
    patch_id: patch.patchId,
    incident_id: patch.incidentId,
    domain_id: patch.domainId,
    source: enumWord(PatchSource, patch.source),
    job_id: patch.jobId || null,
    query_id: patch.queryId || null,
    agent_id: patch.agentId || null,
    agent_version: patch.agentVersion || null,
    changes: patch.changes.map(changeJson),
    reason: patch.reason || null,
    references: patch.references,
    status: enumWord(PatchStatus, patch.status),
    created_by: patch.createdBy,
    created_at: timeJson(patch.createdAt),
    created_by_me: patch.createdBy === userId,
    decided_by: patch.decidedBy || null,
    decided_at: timeJson(patch.decidedAt),
    reverts: patch.reverts || null,
    reverted_by: patch.revertedBy || null,
    id: patch.id,
  };
}

// A value that is not there is left out, since null is a value too.
function changeJson({ path, before, after }: PatchChange): object {
  return { path, ...valueJson('before', before), ...valueJson('after', after) };
}

function valueJson(name: string, value: Value | undefined): object {
  return value ? { [name]: toJson(ValueSchema, value) } : {};
}
