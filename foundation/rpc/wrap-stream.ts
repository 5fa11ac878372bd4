// Watches a stream of messages from outside: what it throws and when it is over.

/** What is told about a stream. */
export interface StreamWatch {
  /** Turns what the stream threw into what is thrown on. */
  readonly onError?: (error: unknown) => unknown;
  /** Called once, after the last message, an error or an abandoned iteration. */
  readonly onEnd?: (error: unknown) => void;
}

/** The same messages, watched. */
export async function* wrapStream<T>(messages: AsyncIterable<T>, watch: StreamWatch): AsyncIterable<T> {
  let failure: unknown;
  try {
    yield* messages;
  } catch (error) {
    failure = watch.onError ? watch.onError(error) : error;
    throw failure;
  } finally {
    watch.onEnd?.(failure);
  }
}
