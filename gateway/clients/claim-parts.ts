// A wait for tasks in parts: after each the gateway may be closing, and another replica may answer the next one.
import { asFault, type FaultReason } from '../../foundation/fault/fault.ts';

/** Longest part of a wait, in seconds. */
export const claimPartS = 10;
/** A part that is over this much before its time is not followed by another, in milliseconds: whoever ended it would do so again. */
const earlyMs = 500;

/** How a wait goes on. */
export interface ClaimParts<T> {
  /** Seconds to wait in all, from 0. */
  readonly waitS: number;
  /** Waits for tasks for so many seconds. */
  readonly take: (partS: number) => Promise<readonly T[]>;
  /** Whether nothing new shall begin. */
  readonly isOver: () => boolean;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
}

/** The first tasks that a part answers; none when the time is over, or a part ended early. */
export async function claimInParts<T>({ waitS, take, isOver, nowMs }: ClaimParts<T>): Promise<readonly T[]> {
  for (let leftS = waitS; ; ) {
    const partS = Math.min(leftS, claimPartS);
    const startedMs = nowMs();
    const found = await take(partS);
    leftS -= partS;
    const isEarly = nowMs() - startedMs < partS * 1000 - earlyMs;
    if (found.length > 0 || leftS <= 0 || isEarly || isOver()) return found;
  }
}

/** A claim on its way. */
export interface ClaimUnderWay {
  readonly claiming: Promise<unknown>;
  /** Whether its worker cannot be told any more what it was given. */
  readonly isGone: () => boolean;
  readonly giveBack: () => Promise<unknown>;
}

/** After these nobody knows what the worker was given. */
const uncertain: readonly FaultReason[] = ['cancelled', 'deadline_exceeded', 'unavailable', 'internal'];

/** Gives back, once the claim has ended, what its worker cannot be told. Never rejects: a lease brings back what this does not. */
export async function returnUntold({ claiming, isGone, giveBack }: ClaimUnderWay): Promise<void> {
  const [end] = await Promise.allSettled([claiming]);
  const isUntold = end.status === 'rejected' ? uncertain.includes(asFault(end.reason).reason) : isGone();
  if (isUntold) await Promise.allSettled([giveBack()]);
}
