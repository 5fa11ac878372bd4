// The port of figures about work of all tenants together, for metrics.

/** Runs that are counted at most: a backlog must not make itself dearer. */
export const queuedRunsMax = 10_000;

/** How work stands now. */
export interface WorkFigures {
  /** Runs that wait for a place among those of their tenant, counted up to {@link queuedRunsMax}. */
  readonly queuedRuns: number;
  /** Seconds that the oldest of those that were counted has existed; 0 when there is none. */
  readonly oldestQueuedS: number;
  /** Tasks that could be given to a worker. */
  readonly queued: number;
  /** Seconds that the oldest of those has waited; 0 when there is none. */
  readonly oldestWaitS: number;
  /** Attempts that workers have. */
  readonly running: number;
  /** Registered workers by `idle`, `busy`, `offline`, `error`; words with none are 0. */
  readonly workers: Readonly<Record<'idle' | 'busy' | 'offline' | 'error', number>>;
}

/** Reads them. */
export interface WorkFiguresStore {
  read(): Promise<WorkFigures>;
}
