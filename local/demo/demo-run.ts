// What every part of the demo is given, and how it notes what is wrong. It ends at the first request that fails outright.
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from '../../clients/api/api-client.ts';
import type { Narrator } from '../terminal/narrator.ts';

/** The domain whose playbooks the demo runs. */
export const sampleDomain = 'civic_complaints';

/** A demo under way. */
export interface DemoRun {
  readonly api: ApiClient;
  readonly narrator: Narrator;
  readonly signal: AbortSignal;
  /** Sentences on what is not as it should be; the demo goes on. */
  readonly problems: string[];
}

/** How long one document may stay in work. */
export const workMsMax = 60_000;
const pollMs = 100;

/** Reads again and again until `isDone`; after `workMsMax` the last answer counts, whatever it is. Rejects when the signal is aborted. */
export async function pollUntil<T>(
  read: () => Promise<T>,
  isDone: (value: T) => boolean,
  signal: AbortSignal,
): Promise<T> {
  const startedMs = performance.now();
  for (;;) {
    const value = await read();
    if (isDone(value) || performance.now() - startedMs > workMsMax) return value;
    await sleep(pollMs, undefined, { signal });
  }
}

/** The first words of a text on one line, at most `length` characters. */
export function firstWords(text: string, length: number): string {
  const flat = text.replaceAll(/\s+/g, ' ').trim();
  return flat.length <= length ? flat : `${flat.slice(0, length - 1).trimEnd()}…`;
}
