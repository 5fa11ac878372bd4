// The port of figures about work of all tenants together, for metrics.

/** How work stands now. */
export interface WorkFigures {
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
