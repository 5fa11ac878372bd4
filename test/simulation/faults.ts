// What goes wrong in one history, and how often: drawn once from its seed. In some
// histories nothing goes wrong at all.
import type { Random } from './random.ts';

/** How often what goes wrong, as parts of 1, and how much. */
export interface Faults {
  /** Nothing goes wrong. */
  readonly isCalm: boolean;
  /** Replicas and their database are well. */
  readonly isQuiet: boolean;
  /** From then on nothing goes wrong any more, in milliseconds since the history began. */
  readonly endMs: number;
  /** A statement is refused before it has done anything. */
  readonly refused: number;
  /** A statement is carried out, and its reply is lost. */
  readonly replyLost: number;
  /** A statement takes long, in the database or on its way there. */
  readonly slow: number;
  /** A flush of the journal stands still for longer than a lease, while it holds its owner. */
  readonly frozenFlush: number;
  /** The values of one execution are refused for a while. */
  readonly refusedValues: number;
  /** An attempt fails; the rest of these are about attempts too. */
  readonly attemptFails: number;
  readonly attemptLate: number;
  readonly attemptNeverEnds: number;
  readonly attemptRefused: number;
  readonly attemptTellsTwice: number;
  /** A document cannot be reached, or was changed and its reply is lost. */
  readonly documentAway: number;
  readonly documentReplyLost: number;
  /** A document refuses for good: an outcome that succeeded, or everything. */
  readonly documentRefuses: number;
  readonly nudgeLost: number;
  /** How many of each happen while things go wrong. */
  readonly kills: number;
  readonly freezes: number;
  readonly closes: number;
  readonly databaseRestarts: number;
  readonly outages: number;
  readonly agentsKills: number;
}

/** Parts of 1 in which nothing goes wrong, and in which only agents and documents do. */
const calmParts = 0.08;
const quietParts = 0.12;

/** Draws what goes wrong. */
export function drawFaults(random: Random): Faults {
  const kind = random.next();
  const isCalm = kind < calmParts;
  const isQuiet = kind < calmParts + quietParts;
  // Most histories have few kinds of faults: what hides another kind must not always be there.
  const share = random.pick([0.15, 0.35, 0.7]);
  const outside = (most: number): number => (!isCalm && random.chance(share) ? random.next() * most : 0);
  const inside = (most: number): number => (!isQuiet && random.chance(share) ? random.next() * most : 0);
  const count = (most: number): number => (!isQuiet && random.chance(share) ? random.between(1, most) : 0);
  return {
    ...{ isCalm, isQuiet },
    endMs: isCalm ? 0 : random.between(10_000, 45_000),
    refused: inside(0.1),
    replyLost: inside(0.15),
    slow: inside(0.15),
    frozenFlush: inside(0.04),
    refusedValues: inside(0.1),
    attemptFails: outside(0.5),
    attemptLate: outside(0.3),
    attemptNeverEnds: outside(0.2),
    attemptRefused: outside(0.3),
    attemptTellsTwice: outside(0.3),
    documentAway: outside(0.5),
    documentReplyLost: outside(0.5),
    documentRefuses: outside(0.3),
    nudgeLost: inside(0.5),
    kills: count(3),
    freezes: count(3),
    closes: count(1),
    databaseRestarts: count(2),
    outages: count(2),
    agentsKills: count(2),
  };
}
