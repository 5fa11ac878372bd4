// How executions are named and read, wherever they are asked for.

/** Names one execution. */
export interface ExecutionKey {
  readonly tenantId: string;
  readonly id: string;
}

/** How new what is read must be. */
export interface Freshness {
  /** True sees every write before it; false may be a moment behind [false]. */
  readonly fresh?: boolean;
}
