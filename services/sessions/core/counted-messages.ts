// How many messages a session remembers as counted. The rest carry that mark themselves; `store/add-message.ts` has the protocol.
import { compareMessages, type MessagePosition } from './message.ts';

/** A session that remembers more counted messages than this lets the older half go. */
export const countedMax = 64;
/** Counted messages that a session goes on remembering, the newest: what an index that lags may still lack. */
export const countedKept = 32;

/** The counted messages that a session may let go, oldest first; empty while it remembers few. */
export function countedToRelease(counted: readonly MessagePosition[]): readonly MessagePosition[] {
  return counted.length > countedMax ? counted.toSorted(compareMessages).slice(0, -countedKept) : [];
}
