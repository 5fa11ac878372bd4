// How deep a JSON value is nested, found without recursion, so that no depth is too deep to be told.
import { isJsonObject, type JsonValue } from './json.ts';

/** Objects and lists around the innermost value: 0 for a scalar, 1 for `{}` or `[1]`. */
export function jsonDepth(value: JsonValue): number {
  let depth = 0;
  for (let level = [value].filter(isNest); level.length > 0; depth += 1) {
    level = level.flatMap((nest) => Object.values(nest)).filter(isNest);
  }
  return depth;
}

function isNest(value: JsonValue): value is Extract<JsonValue, object> {
  return Array.isArray(value) || isJsonObject(value);
}
