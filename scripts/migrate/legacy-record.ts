// Records of the old worker API as Redis keeps them: what they say, as fields with values. What the fields mean is decided elsewhere.
import { isJsonObject, type JsonObject, type JsonValue } from '../../foundation/json/json.ts';

/** Kinds of records, as their keys begin. They are imported in this order, since tasks name workflows. */
export const legacyKinds = ['agents', 'workflows', 'tasks'] as const;

/** A kind of records. */
export type LegacyKind = (typeof legacyKinds)[number];

/** A record. */
export interface LegacyRecord {
  readonly id: string;
  readonly fields: JsonObject;
}

/** What could not be read as a record. */
export interface UnreadableRecord {
  readonly id: string;
  readonly problem: string;
}

/** Names under which a record may repeat its own id. */
const idNames = ['id', 'agent_id', 'task_id', 'workflow_id'];

/** A record from its JSON, as one field of a hash of many. */
export function recordFromText(id: string, text: string): LegacyRecord | UnreadableRecord {
  const value = parsed(text);
  if (!isJsonObject(value)) return { id, problem: 'is no JSON object' };
  return { id, fields: value };
}

/** A record from a hash of its own: what is JSON in a field is read, any other text stays text. */
export function recordFromHash(
  id: string,
  hash: Readonly<Record<string, string>>,
): LegacyRecord | UnreadableRecord {
  const entries = Object.entries(hash);
  if (entries.length === 0) return { id, problem: 'is empty' };
  return { id, fields: Object.fromEntries(entries.map(([name, text]) => [name, fieldValue(name, text)])) };
}

// An id or a name may look like a number and is none.
function fieldValue(name: string, text: string): JsonValue {
  if (idNames.includes(name) || name === 'name') return text;
  if (!/^\s*(?:[[{]|-?\d+(?:\.\d+)?\s*$|(?:true|false|null)\s*$)/.test(text)) return text;
  return parsed(text) ?? (text.trim() === 'null' ? null : text);
}

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
