// How many executions of a tenant this replica holds at the same time: its share of what the tenant may have. What has no place waits in the
// database, without an owner, and nobody's backlog keeps other tenants waiting.

/** Counts what is held. */
export interface Admission {
  /** Takes a place if the tenant has one; false when it has not. */
  tryEnter(tenantId: string): boolean;
  /** Takes a place in any case: for what was running before. */
  enter(tenantId: string): void;
  leave(tenantId: string): void;
  /** Free places of a tenant. */
  room(tenantId: string): number;
  /** Free places of this replica. */
  free(): number;
}

/** What an admission is told. */
export interface AdmissionOptions {
  /** Executions that a tenant may have running, on all replicas together. */
  readonly perTenantMax: number;
  /** Executions that this replica holds at most. */
  readonly heldMax: number;
  /** How many replicas there are now. */
  readonly replicas: () => number;
  /** The tenant has given a place back; `wasFull` when no other tenant had one to take before. */
  readonly onFree: (tenantId: string, wasFull: boolean) => void;
}

/** Nothing is held yet. */
export function createAdmission({ perTenantMax, heldMax, replicas, onFree }: AdmissionOptions): Admission {
  const held = new Map<string, number>();
  let all = 0;
  const shareMax = (): number => Math.max(1, Math.floor(perTenantMax / Math.max(1, replicas())));
  const room = (tenantId: string): number =>
    Math.max(0, Math.min(shareMax() - (held.get(tenantId) ?? 0), heldMax - all));
  const enter = (tenantId: string): void => {
    held.set(tenantId, (held.get(tenantId) ?? 0) + 1);
    all += 1;
  };
  return {
    room,
    free: () => heldMax - all,
    enter,
    tryEnter(tenantId) {
      if (room(tenantId) <= 0) return false;
      enter(tenantId);
      return true;
    },
    leave(tenantId) {
      const left = (held.get(tenantId) ?? 0) - 1;
      if (left > 0) held.set(tenantId, left);
      else held.delete(tenantId);
      const wasFull = all >= heldMax;
      all -= 1;
      onFree(tenantId, wasFull);
    },
  };
}
