// What the audit list is narrowed to. A value that can never match is a mistake of the caller and is named.
import type { Violation } from '../../../foundation/fault/fault.ts';
import { isUuid } from '../../../foundation/ids/ids.ts';
import { auditStatuses, entityTypes, operationTypes } from './audit.ts';

const entityIdMax = 300;

/** Filters of a list; an absent one lets everything through. */
export interface AuditFilter {
  readonly operationType?: string;
  readonly entityType?: string;
  readonly entityId?: string;
  readonly status?: string;
  /** UUID. */
  readonly userId?: string;
  /** Entries at or after it. */
  readonly from?: Date;
  /** Entries before it. */
  readonly to?: Date;
}

/** Filters as they are sent: an empty text is an absent one. A time outside the years 1 to 9999 is an invalid date. */
export interface AuditFilterSent {
  readonly operationType: string;
  readonly entityType: string;
  readonly entityId: string;
  readonly status: string;
  readonly userId: string;
  readonly from: Date | undefined;
  readonly to: Date | undefined;
}

/** What is wrong with filters, everything at once. */
export function auditFilterProblems(sent: AuditFilterSent): readonly Violation[] {
  const { operationType, entityType, entityId, status, userId, from, to } = sent;
  const problems: Violation[] = [];
  const refuse = (field: string, reason: string) => problems.push({ field, reason });
  const oneOf = (field: string, value: string, words: readonly string[]): void => {
    if (value !== '' && !words.includes(value)) refuse(field, `must be one of ${words.join(', ')}`);
  };
  oneOf('operation_type', operationType, operationTypes);
  oneOf('entity_type', entityType, entityTypes);
  if ([...entityId].length > entityIdMax) refuse('entity_id', `has more than ${entityIdMax} characters`);
  if (entityId.includes('\0')) refuse('entity_id', 'must not contain NUL characters');
  oneOf('status', status, auditStatuses);
  if (userId !== '' && !isUuid(userId)) refuse('user_id', 'must be the UUID of a user');
  for (const [field, time] of Object.entries({ from, to })) {
    if (time && Number.isNaN(time.getTime())) refuse(field, 'must be a time in the years 1 to 9999');
  }
  if (from && to && from.getTime() >= to.getTime()) refuse('to', 'must be later than from');
  return problems;
}

/** Filters that have no problems. */
export function auditFilterOf(sent: AuditFilterSent): AuditFilter {
  return Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== '' && value !== undefined));
}
