// What the audit log keeps of a write: which object, what was done to it, and hashes of what it was and became. Contents stay out.
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../../foundation/json/canonical-json.ts';

/** What can be done. */
export const operationTypes = ['create', 'update', 'delete', 'rollback', 'grant', 'revoke'] as const;

/** What was done. */
export type OperationType = (typeof operationTypes)[number];

/** What it can be done to. */
export const entityTypes = [
  'agent',
  'domain',
  'tool',
  'tool_access',
  'team',
  'user',
  'api_key',
  'tenant',
  'tenant_settings',
  'golden_set',
  'circuit_breaker',
] as const;

/** What it was done to. */
export type EntityType = (typeof entityTypes)[number];

/** How a write can end. */
export const auditStatuses = ['success', 'failure', 'partial'] as const;

/** One write. */
export interface WriteRecord {
  readonly operation: OperationType;
  readonly entityType: EntityType;
  /** Public id. */
  readonly entityId: string;
  /** What happened, as a sentence without contents. */
  readonly message: string;
  /** The object before the write, as a value that canonical JSON knows; absent when there was none. No secrets. */
  readonly before?: object | undefined;
  /** The object after the write; absent when there is none. */
  readonly after?: object | undefined;
}

/** One entry of the log. */
export interface AuditEntry {
  /** UUIDv7. */
  readonly id: string;
  readonly operationType: string;
  readonly entityType: string;
  readonly entityId: string;
  readonly status: (typeof auditStatuses)[number];
  readonly message: string;
  /** 64 hex digits; absent when there was no object. */
  readonly beforeHash?: string;
  readonly afterHash?: string;
  /** UUID. */
  readonly userId: string;
  readonly traceId?: string;
  readonly durationMs: number;
  /** When it was written, in microseconds since the Unix epoch: places in the list are that exact. */
  readonly timestampUs: bigint;
}

/** SHA-256 of the object's canonical JSON, 64 hex digits; null for no object. */
export function contentHash(content: object | undefined): string | null {
  if (content === undefined) return null;
  return createHash('sha256').update(canonicalJson(content)).digest('hex');
}
