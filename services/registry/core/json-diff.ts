// What differs between two JSON documents, by path. Lists are compared by index: an item that moved differs in two places.
import { canonicalJson } from '../../../foundation/json/canonical-json.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../foundation/json/json.ts';
import { itemPath, keyPath } from '../../../foundation/json/json-path.ts';

/** The most differences that are told one by one. */
export const jsonChangesMax = 500;

/** One difference. */
export interface JsonChange {
  readonly path: string;
  /** Absent when it was not there. */
  readonly before?: JsonValue;
  /** Absent when it is gone. */
  readonly after?: JsonValue;
}

/**
 * Every difference, in order of keys and indices; empty for equal documents. Where there are more than 500 the fields of the document
 * that differ are told as a whole, so that nothing is left out.
 */
export function jsonDiff(before: JsonObject, after: JsonObject): readonly JsonChange[] {
  const changes = changesOf('', before, after);
  if (changes.length <= jsonChangesMax) return changes;
  return keysOf(before, after)
    .filter((key) => !isSame(ownValue(before, key), ownValue(after, key)))
    .map((key) => change(keyPath('', key), ownValue(before, key), ownValue(after, key)));
}

function changesOf(
  path: string,
  before: JsonValue | undefined,
  after: JsonValue | undefined,
): readonly JsonChange[] {
  if (isJsonObject(before) && isJsonObject(after)) {
    return keysOf(before, after).flatMap((key) =>
      changesOf(keyPath(path, key), ownValue(before, key), ownValue(after, key)),
    );
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }, (_, at) => changesOf(itemPath(path, at), before[at], after[at])).flat();
  }
  return isSame(before, after) ? [] : [change(path, before, after)];
}

/** The keys of both, each once, in order. */
function keysOf(before: JsonObject, after: JsonObject): readonly string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
}

/** Only what the object itself holds: a key may be called `constructor`. */
function ownValue(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function isSame(before: JsonValue | undefined, after: JsonValue | undefined): boolean {
  return canonicalJson({ value: before }) === canonicalJson({ value: after });
}

function change(path: string, before: JsonValue | undefined, after: JsonValue | undefined): JsonChange {
  return { path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
}
