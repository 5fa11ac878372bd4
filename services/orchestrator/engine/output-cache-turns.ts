// Who computes an output in this process: one at a time for each key. Turns are held in memory alone, and only while somebody computes.

/** How a turn ended: the output is recorded, or there is none. */
export type TurnEnd = 'recorded' | 'nothing';

/** Somebody's turn to compute an output. */
export interface Turn {
  /** True for whoever took it: then it has to be ended. */
  readonly isMine: boolean;
  /** Ends it, once; later calls change nothing. */
  end(how: TurnEnd): void;
  /** Resolves when it ends, `nothing` after so many milliseconds. */
  ended(withinMs: number): Promise<TurnEnd>;
}

/** All turns. */
export interface Turns {
  /** The turn of whoever computes under the key; the asker's own when nobody does. */
  take(key: string): Turn;
  /** Turns that have not ended. */
  count(): number;
}

/** Nobody computes yet. */
export function createTurns(): Turns {
  const open = new Map<string, PromiseWithResolvers<TurnEnd>>();
  const turnOf = (key: string, ending: PromiseWithResolvers<TurnEnd>, isMine: boolean): Turn => ({
    isMine,
    end(how) {
      if (open.get(key) === ending) open.delete(key);
      ending.resolve(how);
    },
    ended: (withinMs) => inTime(ending.promise, withinMs),
  });
  return {
    take(key) {
      const taken = open.get(key);
      if (taken) return turnOf(key, taken, false);
      const ending = Promise.withResolvers<TurnEnd>();
      open.set(key, ending);
      return turnOf(key, ending, true);
    },
    count: () => open.size,
  };
}

function inTime(ending: Promise<TurnEnd>, withinMs: number): Promise<TurnEnd> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve('nothing'), Math.min(withinMs, 2 ** 31 - 1));
    timer.unref();
    void ending.then((how) => {
      clearTimeout(timer);
      resolve(how);
    });
  });
}
