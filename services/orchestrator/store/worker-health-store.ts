// The port of signs of life: which workers have fallen silent, are to be asked, or may be tried again. Workers of all tenants; all times are the
// database's, and what another replica holds is passed over.

/** A worker that is called and has to be asked whether it is well. */
export interface AskedWorker {
  readonly tenantId: string;
  readonly id: string;
  readonly protocol: 'http' | 'connect' | 'grpc';
  readonly endpoint: string;
  /** Its circuit breaker was found open: the question is a trial of it. */
  readonly trial: boolean;
}

/** A worker that became offline. */
export interface SilentWorker {
  readonly tenantId: string;
  readonly workerId: string;
}

/** Keeps how workers stand. */
export interface WorkerHealthStore {
  /**
   * Workers that are called and have given no sign of life for an interval, or are in error and may be tried; those that fell silent within the
   * last day too, so that they are found again. Whoever is answered here is answered to nobody else for a while.
   */
  claimToAsk(limit: number): Promise<AskedWorker[]>;
  /** A sign of life: it is idle, if it was offline since it had been silent. */
  alive(worker: SilentWorker): Promise<void>;
  /** It may be called again: it is idle if it was in error. */
  callable(worker: SilentWorker): Promise<void>;
  /** It stays in error, and may be tried again after so many milliseconds. */
  tryLater(worker: SilentWorker, waitMs: number): Promise<void>;
  /** It did not say that it is well: true when it became offline by that, as after two intervals without a sign of life. */
  missed(worker: SilentWorker): Promise<boolean>;
  /** Makes workers offline that ask for tasks themselves and were silent for two intervals. */
  takeSilent(limit: number): Promise<SilentWorker[]>;
}
