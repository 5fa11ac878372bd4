// The port of owners: which process holds executions, and for how long it is taken for alive.

/** When an owner counts as gone. Nobody does while the server itself has been up for less than `silentMs`. */
export interface OwnerSilence {
  /** Who asks: it does not judge itself. */
  readonly ownerId: string;
  /** Without a sign of life for this long, in milliseconds. */
  readonly silentMs: number;
  /** Without one for this long, when its session with the database has ended too: then its process is gone, not only slow. */
  readonly goneMs: number;
}

/** Keeps who owns executions. */
export interface OwnerStore {
  /** A new owner; earlier ones of the same replica name end now. */
  register(owner: {
    readonly ownerId: string;
    readonly replicaName: string;
    readonly address: string;
  }): Promise<void>;
  /** A sign of life: how many owners live, the asking one included; undefined when it has been ended by someone else. */
  beat(ownerId: string): Promise<number | undefined>;
  /** Ends the owner; its executions can be claimed from now on. */
  end(ownerId: string): Promise<void>;
  /** Ends owners that are gone; answers how many. See {@link OwnerSilence}. */
  endSilent(silence: OwnerSilence): Promise<number>;
}
