// The history of a report: what was changed when and by whom. It lies in `management_data.history`, is written by the platform alone and
// only ever grows at its end; of long ones the document keeps the newest entries, and the patches hold the rest.
import { isJsonObject, type JsonObject, type JsonValue } from '../../../foundation/json/json.ts';
import type { Patch } from './patch.ts';

/** Entries that a document holds. */
export const historyMax = 100;
/** The key of `management_data` that is the platform's own. */
export const historyKey = 'history';

/** management_data in its two parts. */
export interface Recorded {
  /** Without the history; empty when nobody has recorded anything. */
  readonly content: JsonObject;
  /** Oldest first. */
  readonly history: readonly JsonValue[];
}

/** Takes the two parts apart. */
export function recordedOf(managementData: JsonObject | undefined): Recorded {
  const { history = [], ...content } = managementData ?? {};
  return { content, history: Array.isArray(history) ? history : [] };
}

/** Puts the two parts together, with the newest {@link historyMax} entries; undefined when both are empty. */
export function managementDataOf({ content, history }: Recorded): JsonObject | undefined {
  if (history.length > 0) return { ...content, [historyKey]: history.slice(-historyMax) };
  return Object.keys(content).length > 0 ? content : undefined;
}

/** The entries of a patch that was applied: one, or none for any other patch. */
export function entriesOf({ application, patchId }: Patch): readonly JsonObject[] {
  if (!application) return [];
  const { status, at, by, action } = application;
  return [{ status, timestamp: at, by, action, patch_id: patchId }];
}

/** The `patch_` id that an entry names; empty for one that names none. */
export function patchIdOfEntry(entry: JsonValue): string {
  const id = isJsonObject(entry) ? entry.patch_id : undefined;
  return typeof id === 'string' ? id : '';
}
