// JSON that people and agents wrote, as an attribute of an item and back. The driver loses a key named `__proto__`, takes an object with a
// key named `constructor` for something else, and refuses whole numbers that it cannot count with exactly. In items the two keys, and all
// that begin with a tilde, have a tilde more, and such a number is an object with its text under the key `~number`.
import { isJsonObject, type JsonObject, type JsonValue } from '../../../foundation/json/json.ts';

const markedKey = /^(?:__proto__$|constructor$|~)/;
const numberKey = '~number';

/** The value as an attribute. */
export function freeItem(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(freeItem);
  if (typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER) {
    return { [numberKey]: String(value) };
  }
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).map(([key, inner]) => [markedOf(key), freeItem(inner)] as const);
  return Object.fromEntries(entries);
}

/** The value of an attribute that `freeItem` made. */
export function freeOf(item: JsonValue): JsonValue {
  if (Array.isArray(item)) return item.map(freeOf);
  if (!isJsonObject(item)) return item;
  const number = Object.hasOwn(item, numberKey) ? item[numberKey] : undefined;
  return number === undefined ? freeObjectOf(item) : Number(number);
}

/** The object of an attribute that `freeItem` made of an object. */
export function freeObjectOf(item: JsonObject): JsonObject {
  const entries = Object.entries(item).map(([key, inner]) => [unmarkedOf(key), freeOf(inner)] as const);
  return Object.fromEntries(entries);
}

function markedOf(key: string): string {
  return markedKey.test(key) ? `~${key}` : key;
}

function unmarkedOf(key: string): string {
  return key.startsWith('~') ? key.slice(1) : key;
}
