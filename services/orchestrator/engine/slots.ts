// A fixed number of places for work that runs at the same time; who comes later waits in order.

/** Places for work. */
export interface Slots {
  /** Runs the work as soon as a place is free. */
  run<T>(work: () => Promise<T>): Promise<T>;
}

/** So many places. */
export function createSlots(max: number): Slots {
  const waiting: (() => void)[] = [];
  let free = max;
  return {
    async run(work) {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next) next();
        else free += 1;
      }
    },
  };
}
