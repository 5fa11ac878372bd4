// Calls a worker by plain HTTP: one POST with JSON, one answer with JSON. It calls once; whether it is called again is decided elsewhere.
import type { Fault } from '../../../../foundation/fault/fault.ts';
import { OutboundFailed } from '../../../../foundation/net/outbound-failed.ts';
import type { Outbound } from '../../../../foundation/net/outbound-fetch.ts';
import { ownFailure } from '../../core/worker/read-worker-answer.ts';
import type { Worker } from '../../core/worker/worker.ts';
import { processBody, processUrl } from '../../core/worker/worker-request.ts';
import { connectionLostBy } from './connection-lost.ts';
import {
  answerBytesMax,
  answerTooLarge,
  type CallWorker,
  endpointRefused,
  timeIsUp,
  type WorkerCall,
  WorkerFailed,
  workerLost,
  workerRefused,
} from './worker-call.ts';

// Whoever follows most redirects of a POST asks something else and somebody else, and takes what a page says for the work.
const redirected =
  'redirects the call, which is not followed: register the endpoint whose /process answers by itself';

/** Calls workers of the protocol `http`. */
export function createHttpWorker(outbound: Outbound): CallWorker {
  return async (call) => {
    try {
      const response = await post(outbound, call);
      if (isPassing(response.status)) throw await lostBy(response, call.worker);
      const text = await response.text();
      if (!response.ok) throw refusedBy(response.status, text, call.worker);
      return text;
    } catch (error) {
      call.circumstances.signal.throwIfAborted();
      throw error instanceof OutboundFailed ? outboundFailure(error, call.worker) : error;
    }
  };
}

function post(
  outbound: Outbound,
  { invocation, worker, circumstances, headers }: WorkerCall,
): Promise<Response> {
  const { signal, timeLeftMs } = circumstances;
  const timeoutMs = Math.floor(timeLeftMs());
  if (timeoutMs <= 0) throw timeIsUp();
  return outbound.fetch(processUrl(worker.endpoint), {
    method: 'POST',
    headers: {
      ...Object.fromEntries(headers),
      'content-type': 'application/json',
      accept: 'application/json',
    },
    body: JSON.stringify(processBody(invocation, worker, timeoutMs)),
    ...{ bodyBytesMax: answerBytesMax, redirectsMax: 0, timeoutMs, signal },
  });
}

/** True for a status that may be another one when the call is made again. */
function isPassing(status: number): boolean {
  return status >= 500 || status === 408 || status === 429;
}

async function lostBy(response: Response, worker: Worker): Promise<WorkerFailed> {
  await response.body?.cancel();
  return workerLost(worker, `answered with status ${response.status}`, Object.fromEntries(response.headers));
}

/** The worker's own word on what went wrong counts; else the status does. */
function refusedBy(status: number, text: string, worker: Worker): WorkerFailed {
  const failure = ownFailure(text);
  if (failure) return new WorkerFailed(failure, { retryable: false });
  const code = status === 401 || status === 403 ? 'permission_denied' : 'output_invalid';
  return workerRefused(worker, code, `refuses the call with status ${status}`);
}

function outboundFailure(error: OutboundFailed, worker: Worker): WorkerFailed | Fault {
  switch (error.failure) {
    case 'refused':
      return endpointRefused(worker);
    case 'unreachable':
      return workerLost(worker, connectionLostBy(error));
    case 'timed_out':
      return timeIsUp();
    case 'too_large':
      return answerTooLarge(worker);
    case 'too_many_redirects':
      return workerRefused(worker, 'output_invalid', redirected);
  }
}
