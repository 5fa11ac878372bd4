// A bound on waiting, not on working: whoever waits goes on after a while, and so does the work.

/** Whether the work ends within a time in milliseconds. Work that takes longer goes on by itself, so it must never reject. */
export async function endsWithin(waitMs: number, work: Promise<void>): Promise<boolean> {
  const { promise: expired, resolve } = Promise.withResolvers<false>();
  const timer = setTimeout(() => resolve(false), waitMs);
  const inTime = await Promise.race([work.then(() => true), expired]);
  clearTimeout(timer);
  return inTime;
}
