// Identifiers: time-ordered UUIDs, their prefixed text forms, and names mapped to fixed UUIDs. It knows the form of ids, not what they name.
import { v5, v7, validate, version } from 'uuid';

/** A new UUIDv7 (RFC 9562): 48 bits of Unix time in milliseconds, then random bits. */
export function newId(): string {
  return v7();
}

/** A new UUIDv7 of a time in milliseconds since the Unix epoch, 0 to 2^48 - 1, for objects that are older than their record. */
export function newIdAt(timeMs: number): string {
  return v7({ msecs: timeMs });
}

/** The UUIDv5 of a name in a namespace UUID: the same name always gives the same id. */
export function nameId(name: string, namespace: string): string {
  return v5(name, namespace);
}

/** True for the canonical text of a UUID of any version. */
export function isUuid(text: string): boolean {
  return validate(text);
}

/** `inc_` and the 32 lower-case hex digits of a UUID. */
export function prefixedId(prefix: string, id: string): string {
  return prefix + id.replaceAll('-', '').toLowerCase();
}

/** The UUIDv7 inside a prefixed id, or undefined when the text has another prefix, length or version. */
export function idOfPrefixed(prefix: string, text: string): string | undefined {
  if (!text.startsWith(prefix)) return undefined;
  const hex = text.slice(prefix.length);
  if (!/^[0-9a-f]{32}$/.test(hex)) return undefined;
  const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  return validate(id) && version(id) === 7 ? id : undefined;
}

/** The creation time inside a UUIDv7, in milliseconds since the Unix epoch. */
export function idTimeMs(id: string): number {
  return Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);
}
