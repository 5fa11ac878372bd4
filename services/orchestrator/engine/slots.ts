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

/** So many places. */
export function createSlots(max: number): Slots {
  const lines = new Map<string, Set<Waiter>>();
  let taken = 0;

  function next(): Waiter | undefined {
    const [tenantId, line] = lines.entries().next().value ?? [];
    if (tenantId === undefined || !line) return undefined;
    const first = firstOf(line);
    lines.delete(tenantId);
    if (first) line.delete(first);
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
        const waiter = next();
        if (!waiter) return;
        taken += 1;
        if (!waiter.offer()) taken -= 1;
      }
    },
    wait(waiter) {
      const line = lines.get(waiter.tenantId) ?? new Set();
      lines.set(waiter.tenantId, line.add(waiter));
    },
    leave(waiter) {
      const line = lines.get(waiter.tenantId);
      if (line?.delete(waiter) && line.size === 0) lines.delete(waiter.tenantId);
    },
  };
}

function firstOf(line: ReadonlySet<Waiter>): Waiter | undefined {
  let first: Waiter | undefined;
  for (const waiter of line) if (!first || isBefore(waiter, first)) first = waiter;
  return first;
}

function isBefore(one: Waiter, other: Waiter): boolean {
  if (one.priority !== other.priority) return one.priority > other.priority;
  return one.createdAtMs < other.createdAtMs;
}
