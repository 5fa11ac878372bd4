// Values by key, each with tags by which all that carry one are dropped at once. Bounded: the value that was not asked for longest goes first.

/** Names what a value was made of: an object, or without an id all objects of its type. */
export interface Tag {
  readonly tenantId: string;
  readonly entityType: string;
  /** Absent stands for every object of the type. */
  readonly entityId?: string;
}

/** A value under its key. */
export interface Tagged<T> {
  readonly value: T;
  readonly tags: readonly Tag[];
}

/** A bounded set of values. */
export interface TaggedValues<T> {
  get(key: string): T | undefined;
  set(key: string, entry: Tagged<T>): void;
  delete(key: string): void;
  /** Drops every value that the change of this object touches. */
  drop(changed: Required<Tag>): void;
  clear(): void;
}

/** True when a change of the object touches what carries the tag. */
export function touches(changed: Required<Tag>, { tenantId, entityType, entityId }: Tag): boolean {
  const isOfType = tenantId === changed.tenantId && entityType === changed.entityType;
  return isOfType && (entityId === undefined || entityId === changed.entityId);
}

/** An empty set that holds at most `sizeMax` values. */
export function createTaggedValues<T>(sizeMax: number): TaggedValues<T> {
  const entries = new Map<string, Tagged<T>>(); // in the order of their last use
  const keysByTag = new Map<string, Set<string>>();

  const remove = (key: string): void => {
    const entry = entries.get(key);
    if (!entry) return;
    entries.delete(key);
    for (const name of entry.tags.map(nameOf)) {
      const keys = keysByTag.get(name);
      keys?.delete(key);
      if (keys?.size === 0) keysByTag.delete(name);
    }
  };
  const add = (key: string, entry: Tagged<T>): void => {
    entries.set(key, entry);
    for (const name of entry.tags.map(nameOf)) {
      const keys = keysByTag.get(name) ?? new Set();
      keysByTag.set(name, keys.add(key));
    }
  };
  return {
    get: (key) => {
      const entry = entries.get(key);
      if (!entry) return undefined;
      entries.delete(key);
      entries.set(key, entry);
      return entry.value;
    },
    set: (key, entry) => {
      remove(key);
      add(key, entry);
      if (entries.size > sizeMax) remove(entries.keys().next().value ?? key);
    },
    delete: remove,
    drop: ({ tenantId, entityType, entityId }) => {
      for (const tag of [
        { tenantId, entityType },
        { tenantId, entityType, entityId },
      ]) {
        for (const key of [...(keysByTag.get(nameOf(tag)) ?? [])]) remove(key);
      }
    },
    clear: () => {
      entries.clear();
      keysByTag.clear();
    },
  };
}

function nameOf({ tenantId, entityType, entityId }: Tag): string {
  return JSON.stringify(entityId === undefined ? [tenantId, entityType] : [tenantId, entityType, entityId]);
}
