// When the work on a call is over: with its time, its caller, its server or its answer, whichever comes first.
import type { ServerHttp2Stream } from 'node:http2';
import { Code, ConnectError } from '@connectrpc/connect';

/** A call that is worked on. */
export interface CallUnderWay {
  /** Aborted when the work is over, for which reason ever. */
  readonly signal: AbortSignal;
  /** The time that is left, in milliseconds; undefined without a deadline. */
  readonly timeoutMs: () => number | undefined;
  /** The answer is there. */
  end(): void;
}

/** Calls that are worked on. */
export interface CallsUnderWay {
  /** `timeoutMs` absent means that there is no deadline. */
  begin(stream: ServerHttp2Stream, timeoutMs: number | undefined): CallUnderWay;
}

/** The reason of all calls that were answered. Shared, since the stack of an error costs more than all else here. */
const answered = new ConnectError('the call is answered', Code.Canceled);

/** No calls yet; when the signal is aborted, all are over. */
export function createCallsUnderWay(shutdownSignal: AbortSignal | undefined): CallsUnderWay {
  const running = new Set<AbortController>();
  shutdownSignal?.addEventListener('abort', () => {
    for (const over of running) over.abort(shutdownSignal.reason);
  });
  return {
    begin(stream, timeoutMs) {
      const over = new AbortController();
      const endMs = timeoutMs === undefined ? undefined : Date.now() + timeoutMs;
      const onTime = (): void =>
        over.abort(new ConnectError('the operation timed out', Code.DeadlineExceeded));
      const timer = timeoutMs === undefined ? undefined : setTimeout(onTime, timeoutMs);
      const onClose = (): void => over.abort(new ConnectError('the caller has gone', Code.Canceled));
      running.add(over);
      stream.once('close', onClose);
      stream.on('error', isToldByItsClose);
      if (shutdownSignal?.aborted) over.abort(shutdownSignal.reason);
      return {
        signal: over.signal,
        timeoutMs: () => (endMs === undefined ? undefined : endMs - Date.now()),
        end: () => {
          running.delete(over);
          clearTimeout(timer);
          stream.off('close', onClose);
          over.abort(answered);
        },
      };
    },
  };
}

function isToldByItsClose(): void {}
