// News of a write: which object it was. What the write did to it is for those to read who need it.
import { isJsonObject, type JsonValue } from '../../../foundation/json/json.ts';

/** Something that was written. */
export interface Change {
  /** UUID. */
  readonly tenantId: string;
  /** As in the audit log. */
  readonly entityType: string;
  /** Public id, as in the audit log. */
  readonly entityId: string;
}

/** The change that a notification tells of, `{tenant_id, entity_type, entity_id}` as JSON; undefined for every other text. */
export function readChange(payload: string): Change | undefined {
  const told = parse(payload);
  if (!isJsonObject(told)) return undefined;
  const { tenant_id: tenantId, entity_type: entityType, entity_id: entityId } = told;
  const isWhole = [tenantId, entityType, entityId].every((part) => typeof part === 'string');
  return isWhole
    ? { tenantId: `${tenantId}`, entityType: `${entityType}`, entityId: `${entityId}` }
    : undefined;
}

function parse(text: string): JsonValue {
  try {
    return JSON.parse(text);
  } catch {
    return null; // no JSON, so it tells nothing
  }
}
