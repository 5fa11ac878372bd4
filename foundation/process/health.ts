// Whether this process can serve: one state per component it cannot do without. Who asks, and over which protocol, is not its business.

/** The two states that a load balancer can act on. */
export type HealthState = 'serving' | 'not_serving';

/** One component at one moment. */
export interface ComponentHealth {
  readonly component: string;
  readonly state: HealthState;
  /** A short word for people, such as `reconnecting`; null when there is nothing to say. It never holds inside text. */
  readonly detail: string | null;
}

/** The readiness of one service. */
export interface Health {
  /** Records a component's state; a component not seen before is added. */
  set(component: string, state: HealthState, detail?: string): void;
  /** `serving` when there is a component, all of them serve, and draining has not begun. */
  overall(): HealthState;
  /** Every component in order of first mention. */
  components(): readonly ComponentHealth[];
  /** Not ready from now on, whatever components report; the first thing on SIGTERM. */
  drain(): void;
  /** True once `drain` was called. */
  draining(): boolean;
  /** Calls the listener after each change of a component's or the overall state, with the overall state. Answers how to stop listening. */
  onChange(listener: (overall: HealthState) => void): () => void;
}

/** Readiness that begins as not ready. Components named here must all report `serving` first. */
export function createHealth(required: readonly string[] = []): Health {
  const components = new Map<string, ComponentHealth>(
    required.map((component) => [component, { component, state: 'not_serving', detail: 'starting' }]),
  );
  const listeners = new Set<(overall: HealthState) => void>();
  let drained = false;

  const overall = (): HealthState => {
    const serves = components.size > 0 && [...components.values()].every(({ state }) => state === 'serving');
    return serves && !drained ? 'serving' : 'not_serving';
  };
  const announce = (): void => {
    const state = overall();
    for (const listener of [...listeners]) listener(state);
  };

  return {
    set: (component, state, detail) => {
      const changed = components.get(component)?.state !== state;
      components.set(component, { component, state, detail: detail ?? null });
      if (changed) announce();
    },
    overall,
    components: () => [...components.values()],
    drain: () => {
      if (drained) return;
      drained = true;
      announce();
    },
    draining: () => drained,
    onChange: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
