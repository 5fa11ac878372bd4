// A fixed number of places for attempts that run at the same time in this process, shared fairly: tenants take turns, and within a tenant
// the higher priority comes first, then the older.

/** Somebody who waits for a place. */
export interface Waiter {
  readonly tenantId: string;
  /** Higher is sooner. */
  readonly priority: number;
  /** Older is sooner. */
  readonly createdAtMs: number;
  /** Is given one place; answers whether it has taken it. */
  readonly offer: () => boolean;
}

/** Places for attempts. */
export interface Slots {
  /** Places that may be taken without waiting; 0 while anybody waits. */
  free(): number;
  /** Takes places, also such as are not there: what was begun before must go on. */
  take(places: number): void;
  /** Gives one place back: it is offered to those who wait. */
  release(): void;
  /** Waits; a waiter that waits already is not put in line twice. */
  wait(waiter: Waiter): void;
  /** Waits no more. */
  leave(waiter: Waiter): void;
}

/** Who waits, and since when in milliseconds. */
type Line = Map<Waiter, number>;

/** So many places. `waited` is told how long somebody waited who took one that was offered, in milliseconds. */
export function createSlots(max: number, nowMs: () => number, waited: (ms: number) => void): Slots {
  const lines = new Map<string, Line>();
  let taken = 0;

  function next(): readonly [Waiter, number] | undefined {
    const [tenantId, line] = lines.entries().next().value ?? [];
    if (tenantId === undefined || !line) return undefined;
    const first = firstOf(line);
    lines.delete(tenantId);
    if (first) line.delete(first[0]);
    if (line.size > 0) lines.set(tenantId, line); // behind the other tenants
    return first;
  }

  return {
    free: () => (lines.size > 0 ? 0 : Math.max(0, max - taken)),
    take(places) {
      taken += places;
    },
    release() {
      taken -= 1;
      while (taken < max) {
        const [waiter, sinceMs] = next() ?? [];
        if (!waiter) return;
        taken += 1;
        if (!waiter.offer()) taken -= 1;
        else waited(Math.max(0, nowMs() - (sinceMs ?? 0)));
      }
    },
    wait(waiter) {
      const line: Line = lines.get(waiter.tenantId) ?? new Map();
      if (!line.has(waiter)) line.set(waiter, nowMs());
      lines.set(waiter.tenantId, line);
    },
    leave(waiter) {
      const line = lines.get(waiter.tenantId);
      if (line?.delete(waiter) && line.size === 0) lines.delete(waiter.tenantId);
    },
  };
}

function firstOf(line: Line): readonly [Waiter, number] | undefined {
  let first: readonly [Waiter, number] | undefined;
  for (const entry of line) if (!first || isBefore(entry[0], first[0])) first = entry;
  return first;
}

function isBefore(one: Waiter, other: Waiter): boolean {
  if (one.priority !== other.priority) return one.priority > other.priority;
  return one.createdAtMs < other.createdAtMs;
}
