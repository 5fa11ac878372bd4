// A wait for tasks in parts: after each the gateway may be closing, and another replica may answer the next one.

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
