// The port of what lets old rows of tasks go.

/** Lets rows of tasks of all tenants go whose runs are forgotten. */
export interface TaskKeeper {
  /** Removes up to `limit` tasks that ended more than a week before what is kept and whose run is gone; answers how many. */
  remove(keptDays: number, limit: number): Promise<number>;
}
