// The ports of what checks of the services found. It belongs to the platform, so to no tenant.
import type { CheckedService, KnownHealth, ServiceFinding } from '../core/service-health.ts';

/** Reads what was found, for requests. */
export interface ServiceHealthStore {
  /** What is known of each service that was ever checked, in no order, and the time of the database in milliseconds since the Unix epoch. */
  read(): Promise<{ readonly found: readonly KnownHealth[]; readonly nowMs: number }>;
}

/** Keeps what is found, on behalf of all replicas. */
export interface ServiceHealthKeeper {
  /** Takes on the checks that nobody has taken on for so long; answers whose. */
  claimDue(services: readonly CheckedService[], everyMs: number): Promise<string[]>;
  keep(finding: ServiceFinding): Promise<void>;
}
