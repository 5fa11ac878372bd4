// Audit entries of several services as one list: newest first, by time and then by id, which is the order of each service's own.
import type { JsonObject } from '../../foundation/json/json.ts';

/** An entry, whichever service wrote it. */
export interface AuditLine {
  readonly id: string;
  readonly operationType: string;
  readonly entityType: string;
  readonly entityId: string;
  readonly status: string;
  readonly message: string;
  readonly details: JsonObject;
  /** 64 hex digits; null where no content was hashed. */
  readonly beforeHash: string | null;
  readonly afterHash: string | null;
  readonly userId: string;
  readonly traceId: string | null;
  /** Null where it was not measured. */
  readonly durationMs: number | null;
  /** Microseconds since the Unix epoch. */
  readonly timestampUs: bigint;
}

/** Where a part of the list ended, as a cursor carries it. */
export interface AuditPlace {
  /** Microseconds since the Unix epoch, in decimal. */
  readonly us: string;
  readonly id: string;
}

/** A part of a service's list: what it begins with after some place. */
export interface AuditPart {
  readonly lines: readonly AuditLine[];
  /** True when more follows in the same service. */
  readonly hasMore: boolean;
  /** Matches, where they were counted. */
  readonly total?: number;
  /** True when there are more matches than were counted. */
  readonly totalAtLeast?: boolean;
}

/** The beginning of all parts together, at most `limit` lines. Each part must hold as many lines, or all there are. */
export function mergeParts(parts: readonly AuditPart[], limit: number): AuditPart {
  const lines = parts.flatMap((part) => part.lines).toSorted(newestFirst);
  const hasMore = lines.length > limit || parts.some((part) => part.hasMore);
  const totals = parts.flatMap(({ total }) => (total === undefined ? [] : [total]));
  const isCounted = totals.length === parts.length;
  return {
    lines: lines.slice(0, limit),
    hasMore,
    ...(isCounted ? { total: totals.reduce((sum, total) => sum + total, 0) } : {}),
    totalAtLeast: parts.some(({ totalAtLeast }) => totalAtLeast),
  };
}

/** The place of a line. */
export function placeOf({ timestampUs, id }: AuditLine): AuditPlace {
  return { us: String(timestampUs), id };
}

function newestFirst(a: AuditLine, b: AuditLine): number {
  if (a.timestampUs !== b.timestampUs) return a.timestampUs > b.timestampUs ? -1 : 1;
  return a.id > b.id ? -1 : 1;
}
