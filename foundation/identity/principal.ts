// Who a call is made for. It is read from a verified token and from nothing else.

/** The narrow right of a call that belongs to a run: what it may do and the one object it may write. */
export interface RunScope {
  /** Public id of the run. */
  readonly runId: string;
  /** Class of the run, which decides what its calls may do. */
  readonly capability: string;
  /** Public id of the only object that the run may write; empty for none. */
  readonly writeTarget: string;
}

/** The identity of a call. */
export interface Principal {
  /** UUID of the tenant; every read and write is bound to it. */
  readonly tenantId: string;
  /** UUID of the user. */
  readonly userId: string;
  /** Name the user goes by. */
  readonly username: string;
  /** Roles of the user, lower-case. */
  readonly roles: readonly string[];
  /** Present only on calls made by a run, absent on calls made by a person. */
  readonly run?: RunScope;
}
