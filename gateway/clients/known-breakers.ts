// What the gateway knows of the circuit breakers of the platform: its own as they stand, and what it was told of those of other processes.
import type { BreakerBoard } from '../../foundation/breaker/breaker-board.ts';
import type { BreakerMode } from '../../foundation/breaker/breaker-rules.ts';

/** What is known. */
export interface KnownBreakers {
  /** Those of other processes that are not closed, by name; it replaces what was told before. */
  told(ailing: ReadonlyMap<string, BreakerMode>): void;
  /** The worst that is known of each name. */
  states(): ReadonlyMap<string, BreakerMode>;
}

const ranks: Readonly<Record<BreakerMode, number>> = { closed: 0, half_open: 1, open: 2 };

/** Knows nothing of other processes yet. */
export function createKnownBreakers(board: Pick<BreakerBoard, 'states'>): KnownBreakers {
  let ailing: ReadonlyMap<string, BreakerMode> = new Map();
  return {
    told: (news) => {
      ailing = news;
    },
    states: () => {
      const known = new Map(ailing);
      for (const { key, mode } of board.states()) {
        const other = known.get(key) ?? 'closed';
        known.set(key, ranks[mode] >= ranks[other] ? mode : other);
      }
      return known;
    },
  };
}
