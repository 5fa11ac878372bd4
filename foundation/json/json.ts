// JSON as TypeScript sees it.

/** Any JSON value. */
export type JsonValue = string | number | boolean | null | JsonObject | JsonValue[];

/** A JSON object. */
export type JsonObject = { [key: string]: JsonValue };

/** True for objects, false for lists and null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The fields of an object that are not absent. */
export type Present<T> = { [Field in keyof T]?: Exclude<T[Field], undefined> };

/** The object without its fields that are undefined, which JSON does not know. */
export function withoutAbsent<T extends Readonly<Record<string, unknown>>>(fields: T): Present<T> {
  const present = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present) as Present<T>;
}
