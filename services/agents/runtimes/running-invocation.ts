// One attempt while it runs. It has its own time and its own end: readers come and go and change nothing but the token under which it
// asks its neighbours.
import type { CallOptions } from '@connectrpc/connect';
import type { Clock } from '../../../foundation/clock.ts';
import { Fault } from '../../../foundation/fault/fault.ts';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { callWith } from '../../../foundation/rpc/caller.ts';
import type { Invocation, InvocationEnd, RuntimeNotice } from '../core/invocation.ts';
import { failureOf } from '../core/invocation-failure.ts';
import type { InvocationBody, InvocationKey } from '../core/invocation-key.ts';
import { createStory, type Message, type Story } from '../core/story.ts';
import { createNotices, type Notices } from './notices.ts';
import type { RunInvocation } from './run-invocation.ts';

/** Longest time of an attempt, in milliseconds. */
export const attemptMsMax = 300_000;

/** A runtime that was told to end has this long; then it is left alone, and the end is told without it, in milliseconds. */
export const abandonMs = 1_000;

/** Readers that an attempt has at the same time; one more takes the place of the one that came first, which may well be gone. */
export const readersMax = 16;

/** Longest time of one call that an attempt makes, in milliseconds. */
const callTimeoutMs = 10_000;

/** An attempt to make, and for whom. */
export interface InvocationAsk {
  readonly key: InvocationKey;
  readonly invocation: Invocation;
  /** Class of the run. */
  readonly capability: string;
  /** Public id of the only object that the run may write; empty for none. */
  readonly writeTarget: string;
  /** Token of the run. */
  readonly token: string;
  /** The run, with the person it works for. */
  readonly principal: Principal;
  /** Time for the attempt, in milliseconds; more than `attemptMsMax` counts as that. */
  readonly timeoutMs: number;
  /** The caller has invoked the attempt before and does not know what came of it. */
  readonly repeated: boolean;
}

/** Reading an attempt: its messages once, of which the end is the last. A reading that is left ends without it. */
export interface Reading extends AsyncIterable<Message> {
  /** Ends the reading; the attempt goes on. */
  leave(): void;
}

/** A running attempt. */
export interface RunningInvocation {
  readonly body: InvocationBody;
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
  /** What was told so far, then what follows. From now on the attempt asks its neighbours under this token. */
  read(token: string): Reading;
  /** Makes it end with the failure that the fault stands for. The first reason counts. */
  stop(reason: Fault): void;
}

/** What an attempt is started with. */
export interface InvocationStart {
  readonly ask: InvocationAsk;
  readonly body: InvocationBody;
  /** Whether the readers are told that the agent may have run before. */
  readonly uncertain: boolean;
  readonly run: RunInvocation;
  /** A clock that never goes back. */
  readonly clock: Clock;
  /** Told once, in the moment of the end and before any reader is, what is to be kept of it. */
  readonly onEnd: (messages: readonly Message[]) => void;
}

/** Starts an attempt. */
export function startInvocation(start: InvocationStart): RunningInvocation {
  const { ask, body, uncertain, onEnd } = start;
  const readers = createReaders(createStory({ uncertain }));
  const stopping = new AbortController();
  const stop = (reason: Fault): void => stopping.abort(reason);
  const timer = setTimeout(() => stop(timeIsUp()), Math.min(ask.timeoutMs, attemptMsMax));
  let token = ask.token;
  const timeLeftMs = timeLeftOf(start);
  const circumstances = {
    ...{ tenantId: ask.key.tenantId, capability: ask.capability, writeTarget: ask.writeTarget },
    ...{ signal: stopping.signal, timeLeftMs, principal: ask.principal },
    callOptions: () => callOptionsOf(token, { timeLeftMs, signal: stopping.signal }),
    tell: readers.tell,
  };
  const running = start.run(ask.invocation, circumstances).catch((error) => ({ failure: failureOf(error) }));
  const ended = endOf(running, stopping.signal).then((end) => {
    clearTimeout(timer);
    readers.end(end, onEnd);
  });
  return {
    ...{ body, ended, stop },
    read: (newest) => {
      token = newest;
      return readers.add();
    },
  };
}

function timeIsUp(): Fault {
  return new Fault('deadline_exceeded', 'The time for the attempt is up');
}

function timeLeftOf({ ask, clock }: InvocationStart): () => number {
  const endsAtMs = clock() + Math.min(ask.timeoutMs, attemptMsMax);
  return () => endsAtMs - clock();
}

// No call outlives its attempt.
function callOptionsOf(
  token: string,
  { timeLeftMs, signal }: { readonly timeLeftMs: () => number; readonly signal: AbortSignal },
): CallOptions {
  const timeoutMs = Math.min(callTimeoutMs, Math.floor(timeLeftMs()));
  if (timeoutMs <= 0) throw timeIsUp();
  return callWith({ token, timeoutMs, signal });
}

// An attempt that was told to end has failed, whatever its runtime still says; it is only given time to say what became of its tools.
function endOf(running: Promise<InvocationEnd>, signal: AbortSignal): Promise<InvocationEnd> {
  const { promise, resolve } = Promise.withResolvers<InvocationEnd>();
  let abandoning: NodeJS.Timeout | undefined;
  const fail = (): void => resolve({ failure: failureOf(signal.reason) });
  signal.addEventListener('abort', () => {
    abandoning = setTimeout(fail, abandonMs);
  });
  void running.then((end) => {
    clearTimeout(abandoning);
    if (signal.aborted) fail();
    else resolve(end);
  });
  return promise;
}

interface Readers {
  readonly tell: (notice: RuntimeNotice) => void;
  add(): Reading;
  end(end: InvocationEnd, onEnd: InvocationStart['onEnd']): void;
}

function createReaders(story: Story): Readers {
  const readers = new Set<Notices<Message>>();
  let over = false;
  const leave = (reader: Notices<Message>): void => {
    readers.delete(reader);
    reader.close();
  };
  return {
    tell: (notice) => {
      const told = over ? undefined : story.add(notice);
      if (told) for (const reader of readers) reader.add(told);
    },
    add: () => {
      const [first] = readers;
      if (first && readers.size >= readersMax) leave(first);
      const reader = createNotices<Message>();
      for (const told of story.soFar()) reader.add(told);
      readers.add(reader);
      return { [Symbol.asyncIterator]: () => reader[Symbol.asyncIterator](), leave: () => leave(reader) };
    },
    end: (end, onEnd) => {
      over = true;
      const last: Message = { kind: 'end', end };
      onEnd([...story.lasting(), last]);
      for (const reader of readers) {
        reader.add(last);
        leave(reader);
      }
    },
  };
}
