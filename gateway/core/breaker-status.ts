// What the states of circuit breakers mean for the health of the platform.

/** What a breaker does with calls. */
export type BreakerState = 'closed' | 'half_open' | 'open';

/** How well what lies behind a breaker is: open is degraded, half open a warning. */
export type BreakerStatus = 'healthy' | 'warning' | 'degraded';

const statuses: Readonly<Record<BreakerState, BreakerStatus>> = {
  closed: 'healthy',
  half_open: 'warning',
  open: 'degraded',
};

/** The status of a breaker. */
export function breakerStatus(state: BreakerState): BreakerStatus {
  return statuses[state];
}

/** The worst of several. */
export function worstStatus(states: Iterable<BreakerState>): BreakerStatus {
  const all = new Set(states);
  if (all.has('open')) return 'degraded';
  return all.has('half_open') ? 'warning' : 'healthy';
}
