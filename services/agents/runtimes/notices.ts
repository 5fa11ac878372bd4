// Messages that are made while someone else reads them: a queue that ends when it is closed. Who adds to it bounds it.

/** A queue that is read once. */
export interface Notices<T> extends AsyncIterable<T> {
  add(notice: T): void;
  /** Ends the reading once everything was read. */
  close(): void;
}

/** An empty queue. */
export function createNotices<T>(): Notices<T> {
  const waiting: T[] = [];
  let closed = false;
  let wake = Promise.withResolvers<void>();
  return {
    add(notice) {
      waiting.push(notice);
      wake.resolve();
    },
    close() {
      closed = true;
      wake.resolve();
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        // Not `yield*`: an array cannot be told that its reader failed, and would answer with an error of its own.
        for (const notice of waiting.splice(0)) yield notice;
        if (closed && waiting.length === 0) return;
        if (waiting.length === 0) await wake.promise;
        wake = Promise.withResolvers();
      }
    },
  };
}
