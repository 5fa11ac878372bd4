// The circuit breakers of all processes as one list, and whose each of them is: the platform's, or a tenant's, whose id is in its key then.

/** What a breaker does with calls. */
export const breakerModes = ['closed', 'half_open', 'open'] as const;

/** One of them; a later one is worse. */
export type BreakerMode = (typeof breakerModes)[number];

/** How a breaker of one process stands; times are milliseconds since the Unix epoch. */
export interface BreakerState {
  readonly key: string;
  readonly mode: BreakerMode;
  readonly sinceMs: number;
  /** Undefined unless it is open. */
  readonly openUntilMs?: number | undefined;
  readonly inARow: number;
  readonly isForced: boolean;
}

/** What one process told. */
export interface BreakerReport {
  /** UUID. */
  readonly processId: string;
  readonly service: string;
  readonly host: string;
  readonly states: readonly BreakerState[];
}

/** A mode that was asked for. */
export interface ForcedBreaker {
  /** UUID. */
  readonly id: string;
  readonly key: string;
  readonly mode: BreakerMode;
  readonly agoMs: number;
}

/** The breaker of one process. */
export interface BreakerOfProcess extends Omit<BreakerReport, 'states'> {
  readonly state: BreakerState;
}

/** All breakers of a name. */
export interface Breaker {
  /** As people call it: without the id of their tenant. */
  readonly name: string;
  /** The worst of the processes'. */
  readonly mode: BreakerMode;
  readonly processes: readonly BreakerOfProcess[];
}

/** Names of breakers, in characters. */
export const breakerNameMax = 250;

const ownedKinds = ['tool:', 'worker:'];

/** True for a breaker that belongs to no tenant. */
export function isOfPlatform(key: string): boolean {
  return !ownedKinds.some((kind) => key.startsWith(kind));
}

/** The key of the breakers that a tenant calls by this name. */
export function keyOf(tenantId: string, name: string): string {
  const kind = ownedKinds.find((each) => name.startsWith(each));
  return kind === undefined ? name : `${kind}${tenantId}/${name.slice(kind.length)}`;
}

/** What a tenant calls a breaker; undefined for one of another tenant. */
export function nameOf(tenantId: string, key: string): string | undefined {
  const kind = ownedKinds.find((each) => key.startsWith(each));
  if (kind === undefined) return key;
  const own = `${kind}${tenantId}/`;
  return key.startsWith(own) ? `${kind}${key.slice(own.length)}` : undefined;
}

/** The breakers of the platform and of the tenant, by name. */
export function breakersOf(tenantId: string, reports: readonly BreakerReport[]): readonly Breaker[] {
  return gathered(reports, (key) => nameOf(tenantId, key));
}

/** Those of a process that are the platform's and not closed. */
export function ailingStates(states: readonly BreakerState[]): readonly BreakerState[] {
  return states.filter(({ key, mode }) => mode !== 'closed' && isOfPlatform(key));
}

/** Breakers of the platform that are not closed everywhere, at most `max`, from the ailing states of all processes. */
export function ailingBreakers(reports: readonly BreakerReport[], max: number): readonly Breaker[] {
  return gathered(reports, (key) => key).slice(0, max);
}

function gathered(
  reports: readonly BreakerReport[],
  naming: (key: string) => string | undefined,
): readonly Breaker[] {
  const byName = new Map<string, BreakerOfProcess[]>();
  for (const { states, ...process } of reports) {
    for (const state of states) {
      const name = naming(state.key);
      if (name === undefined) continue;
      const known = byName.get(name) ?? [];
      known.push({ ...process, state });
      byName.set(name, known);
    }
  }
  return [...byName]
    .map(([name, processes]) => ({ name, processes, mode: worst(processes) }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

function worst(processes: readonly BreakerOfProcess[]): BreakerMode {
  const ranks = processes.map(({ state }) => breakerModes.indexOf(state.mode));
  return breakerModes[Math.max(0, ...ranks)] ?? 'closed';
}
