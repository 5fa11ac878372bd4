// A JSON object as its leaves: the values that a recursive merge sets one by one. Lists are leaves, and so are objects without a key.
import { isJsonObject, type JsonObject, type JsonValue } from '../../../foundation/json/json.ts';
import { keyPath } from '../../../foundation/json/json-path.ts';

/** One value and the keys that lead to it, at least one. */
export interface JsonLeaf {
  readonly keys: readonly string[];
  readonly value: JsonValue;
}

/** The leaves of an object, in the order of its keys; none for an empty one. */
export function leavesOf(object: JsonObject, above: readonly string[] = []): JsonLeaf[] {
  return Object.entries(object).flatMap(([key, value]) => {
    const keys = [...above, key];
    return isJsonObject(value) && Object.keys(value).length > 0 ? leavesOf(value, keys) : [{ keys, value }];
  });
}

/** The object that has these leaves, none of them below another. */
export function objectOfLeaves(leaves: readonly JsonLeaf[]): JsonObject {
  const byKey = Map.groupBy(leaves, ({ keys }) => keys[0] ?? '');
  const entries = [...byKey].map(([key, group]): [string, JsonValue] => {
    const own = group.find(({ keys }) => keys.length === 1);
    return [key, own ? own.value : objectOfLeaves(group.map(withoutFirst))];
  });
  return Object.fromEntries(entries);
}

/** The path of a leaf as answers name it. */
export function leafPath({ keys }: JsonLeaf): string {
  return keys.reduce(keyPath, '');
}

/** True when merging one of them writes over what the other one sets. */
export function overlap(a: JsonLeaf, b: JsonLeaf): boolean {
  const [upper, lower] = a.keys.length <= b.keys.length ? [a, b] : [b, a];
  if (!upper.keys.every((key, at) => lower.keys[at] === key)) return false;
  // An object without a key asks for no more than that there is an object.
  return upper.keys.length === lower.keys.length || !isJsonObject(upper.value);
}

function withoutFirst({ keys, value }: JsonLeaf): JsonLeaf {
  return { keys: keys.slice(1), value };
}
