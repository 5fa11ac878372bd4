// Audit entries and the filters of their list between messages and the core.
import { create } from '@bufbuild/protobuf';
import { type Timestamp, timestampDate } from '@bufbuild/protobuf/wkt';
import { timestampOfMicros } from '../../../foundation/paging/list-place.ts';
import {
  type AuditEntry as AuditEntryMessage,
  AuditEntrySchema,
} from '../../../proto/gen/domainflow/registry/v1/audit_pb.js';
import type { ListAuditEntriesRequest } from '../../../proto/gen/domainflow/registry/v1/audit_service_pb.js';
import type { AuditEntry } from '../core/audit.ts';
import type { AuditFilterSent } from '../core/audit-filter.ts';

const secondsOfYear1 = -62_135_596_800n;
const secondsOfYear10000 = 253_402_300_800n;

/** An entry as it is sent. */
export function auditEntryMessage(entry: AuditEntry): AuditEntryMessage {
  const { timestampUs, ...fields } = entry;
  return create(AuditEntrySchema, { ...fields, timestamp: timestampOfMicros(timestampUs) });
}

/** Filters as they were received. */
export function auditFilterSent(request: ListAuditEntriesRequest): AuditFilterSent {
  const { operationType, entityType, entityId, status, userId, from, to } = request;
  const times = { from: from && dateOf(from), to: to && dateOf(to) };
  return { operationType, entityType, entityId, status, userId, ...times };
}

function dateOf(timestamp: Timestamp): Date {
  const isWithin = timestamp.seconds >= secondsOfYear1 && timestamp.seconds < secondsOfYear10000;
  return isWithin ? timestampDate(timestamp) : new Date(Number.NaN);
}
