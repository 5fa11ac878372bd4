// Watches a stream of messages from outside: what it throws, in which context it runs and when it is over.

/** The reason of an abort by which a reader leaves a stream that it needs no more of; no failure. */
export const readerLeft = new DOMException('The reader left the stream', 'AbortError');

/** What is told about a stream. */
export interface StreamWatch {
  /** Turns what the stream threw into what is thrown on. */
  readonly onError?: (error: unknown) => unknown;
  /** Called once: after the last message, an error (as thrown on), an abandoned iteration, or the signal's abort (with its reason). */
  readonly onEnd?: (error: unknown) => void;
  /** Ends the stream for the watcher although nobody asks for the next message any more. */
  readonly signal?: AbortSignal;
  /** Runs each step of the stream, such as inside a span. */
  readonly run?: <R>(step: () => R) => R;
}

/** The same messages, watched. Like any response, they can be read once. */
export function wrapStream<T>(messages: AsyncIterable<T>, watch: StreamWatch): AsyncIterable<T> {
  const { run = (step) => step(), onError = (error) => error } = watch;
  const end = endOnce(watch);
  const fail = (error: unknown): never => {
    const failure = onError(error);
    end(failure ?? new Error('The stream failed with an empty error'));
    throw failure;
  };
  const passOn = (result: IteratorResult<T>): IteratorResult<T> => {
    if (result.done) end(undefined);
    return result;
  };
  return {
    [Symbol.asyncIterator]() {
      const steps = run(() => messages[Symbol.asyncIterator]());
      const leave = steps.return?.bind(steps);
      const tell = steps.throw?.bind(steps);
      return {
        next: () => run(() => steps.next()).then(passOn, fail),
        return: async (value?: unknown) => {
          end(undefined);
          return leave ? run(() => leave(value)).catch(fail) : { done: true, value };
        },
        // The reader failed. A stream that cannot be told so is left instead.
        throw: async (error?: unknown) => {
          end(error);
          if (tell) return run(() => tell(error)).then(passOn, fail);
          await run(() => leave?.(undefined));
          throw error;
        },
      };
    },
  };
}

function endOnce({ onEnd, signal }: StreamWatch): (error: unknown) => void {
  let over = false;
  const onAbort = (): void => end(signal?.reason);
  const end = (error: unknown): void => {
    if (over) return;
    over = true;
    signal?.removeEventListener('abort', onAbort);
    onEnd?.(error);
  };
  if (signal?.aborted) onAbort();
  else signal?.addEventListener('abort', onAbort, { once: true });
  return end;
}
