// A bound on how long the database may keep a task waiting.

/** What the promise resolves with, or undefined when it fails or takes longer. */
export function withinMs<Value>(promise: Promise<Value>, timeMs: number): Promise<Value | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), timeMs);
    const settle = (value: Value | undefined): void => {
      clearTimeout(timer);
      resolve(value);
    };
    promise.then(settle, () => settle(undefined));
  });
}
