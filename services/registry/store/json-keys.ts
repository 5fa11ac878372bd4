// Documents are stored with snake_case keys and held in camelCase. Only the keys of the outermost object change.

/** A stored object with its keys in camelCase. The caller vouches for its shape: it was checked before it was stored. */
export function fromStored<T>(stored: Readonly<Record<string, unknown>>): T {
  return rename(stored, (key) =>
    key.replaceAll(/_([a-z])/g, (_whole, letter: string) => letter.toUpperCase()),
  ) as T;
}

/** An object with its keys in snake_case, to be stored. */
export function toStored(value: object): Record<string, unknown> {
  return rename(value, (key) => key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
}

function rename(value: object, keyOf: (key: string) => string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [keyOf(key), part]));
}
