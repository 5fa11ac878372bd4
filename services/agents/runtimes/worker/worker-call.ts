// What a call of a worker is, whatever the protocol, and as what it fails. It holds nothing that the worker wrote but its own word on what
// went wrong.
import { Fault } from '../../../../foundation/fault/fault.ts';
import type { Invocation, InvocationFailure } from '../../core/invocation.ts';
import type { Worker } from '../../core/worker/worker.ts';
import type { InvocationCircumstances } from '../run-agent.ts';

/** The largest answer of a worker, in bytes; for streams, the largest message. */
export const answerBytesMax = 1_024 * 1_024;

/** One call. */
export interface WorkerCall {
  readonly invocation: Invocation;
  readonly worker: Worker;
  readonly circumstances: InvocationCircumstances;
  /** Sent along: the key of the attempt and the trace. */
  readonly headers: Headers;
  /** Calls that were made before for the same attempt. */
  readonly retries: number;
  /** What earlier calls have told. */
  readonly told: WorkerTold;
}

/** What the stream of a worker has told. Whoever is called again tells all of it again. */
export interface WorkerTold {
  /** Length of the text, in UTF-16 code units. */
  textLength: number;
  /** Notices of tool calls. */
  toolCalls: number;
}

/**
 * Makes a call and answers what the worker said, as JSON in the form of `POST {endpoint}/process`. Throws WorkerFailed, and the reason of the
 * attempt's signal when that is aborted.
 */
export type CallWorker = (call: WorkerCall) => Promise<string>;

/** What a failed call says of the worker. */
export interface WorkerFault {
  /** Whether calling again, under the same key, may help. */
  readonly retryable: boolean;
  /** Headers of the answer, by lower-case name; absent when there was none. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A call that brought no answer. */
export class WorkerFailed extends Error {
  readonly failure: InvocationFailure;
  readonly retryable: boolean;
  readonly headers: Readonly<Record<string, string>>;

  constructor(failure: InvocationFailure, { retryable, headers = {} }: WorkerFault) {
    super(failure.message);
    this.name = 'WorkerFailed';
    this.failure = failure;
    this.retryable = retryable;
    this.headers = headers;
  }
}

/** The worker could not be reached, broke off or could not do it just now. */
export function workerLost(
  { workerId }: Worker,
  said: string,
  headers: WorkerFault['headers'] = {},
): WorkerFailed {
  const message = `The worker ${workerId} ${said}`;
  return new WorkerFailed({ code: 'worker_lost', message }, { retryable: true, headers });
}

/** The worker answered, and calling again would bring the same. */
export function workerRefused({ workerId }: Worker, code: string, said: string): WorkerFailed {
  return new WorkerFailed({ code, message: `The worker ${workerId} ${said}` }, { retryable: false });
}

/** The answer is larger than is read. */
export function answerTooLarge(worker: Worker): WorkerFailed {
  const said = `answered with more than ${answerBytesMax} bytes`;
  return workerRefused(worker, 'output_too_large', said);
}

/** The time of the attempt is up before the worker has answered. */
export function timeIsUp(): Fault {
  return new Fault('deadline_exceeded', 'The time for the attempt is up');
}

/** Its endpoint leads where the platform calls nobody; `problem` completes "its endpoint …". */
export function endpointRefused(
  worker: Worker,
  problem = 'leads outside the public internet and the networks that the platform allows, or is reached without https',
): WorkerFailed {
  return workerRefused(worker, 'permission_denied', `cannot be called: its endpoint ${problem}`);
}
