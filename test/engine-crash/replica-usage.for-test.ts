// What a process has used of its machine, as it says itself.
import process from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What was used. */
export interface Usage {
  /** Of all its threads since its start, in milliseconds. */
  readonly cpuMs: number;
  /** What is still reachable, in bytes. */
  readonly heapBytes: number;
  /** All of its memory, in bytes. */
  readonly rssBytes: number;
}

/** What this process has used. It collects its garbage first, which costs it some CPU that the next answer tells. */
export function usageNow(): Usage {
  const { user, system } = process.cpuUsage();
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  const { heapUsed, rss } = process.memoryUsage();
  return { cpuMs: (user + system) / 1_000, heapBytes: heapUsed, rssBytes: rss };
}
