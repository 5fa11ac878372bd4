// How the services of the platform are, as checks found them.

/** Every service, in the order of their names. */
export const checkedServices = [
  'agents',
  'gateway',
  'orchestrator',
  'registry',
  'reports',
  'sessions',
] as const;

/** One of them. */
export type CheckedService = (typeof checkedServices)[number];

/** What a check found. */
export interface ServiceFinding {
  readonly service: CheckedService;
  readonly status: 'healthy' | 'unhealthy';
  /** How long it took to answer, in milliseconds. */
  readonly responseMs: number;
  /** Sentence for people; empty when all is well. */
  readonly detail: string;
}

/** How a service is known to be. */
export interface KnownHealth {
  readonly service: string;
  readonly status: 'healthy' | 'unhealthy' | 'unknown';
  /** Absent when it was never checked. */
  readonly checkedAtMs?: number;
  readonly responseMs: number;
  readonly detail: string;
}

/** What was found longer ago says nothing any more, in milliseconds. */
export const findingMsMax = 90_000;

/** Every service, in the order of their names; `unknown` where nothing was found, or nothing lately. */
export function knownHealth(found: readonly KnownHealth[], nowMs: number): KnownHealth[] {
  return checkedServices.map((service) => {
    const known = found.find((each) => each.service === service);
    if (!known) return { service, status: 'unknown', responseMs: 0, detail: '' };
    const isOld = known.checkedAtMs === undefined || nowMs - known.checkedAtMs > findingMsMax;
    return isOld ? { ...known, status: 'unknown' } : known;
  });
}
