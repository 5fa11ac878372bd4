// How deep a JSON value is nested and how many values it holds, found without recursion, so that no depth is too deep to be told.
import { isJsonObject, type JsonValue } from './json.ts';

/** Objects and lists around the innermost value: 0 for a scalar, 1 for `{}` or `[1]`. */
export function jsonDepth(value: JsonValue): number {
  let depth = 0;
  for (let level = [value].filter(isNest); level.length > 0; depth += 1) {
    level = level.flatMap((nest) => Object.values(nest)).filter(isNest);
  }
  return depth;
}

/** How many values a value consists of: 1 for a scalar, and for lists and objects their items' values and one. */
export function jsonValues(value: JsonValue): number {
  let count = 1;
  const nests = [value].filter(isNest);
  for (let nest = nests.pop(); nest; nest = nests.pop()) {
    const inner = Object.values(nest);
    count += inner.length;
    for (const each of inner) if (isNest(each)) nests.push(each);
  }
  return count;
}

function isNest(value: JsonValue): value is Extract<JsonValue, object> {
  return Array.isArray(value) || isJsonObject(value);
}
