// As what a call by Connect or gRPC fails. Sentences of workers stay inside: they may repeat what was asked.
import { Code, ConnectError } from '@connectrpc/connect';
import { Fault } from '../../../../foundation/fault/fault.ts';
import { outboundFailureIn } from '../../../../foundation/net/outbound-failed.ts';
import { asConnectionError, connectionFailureOf } from '../../../../foundation/rpc/connection-failure.ts';
import type { Worker } from '../../core/worker/worker.ts';
import { connectionLostBy } from './connection-lost.ts';
import {
  answerTooLarge,
  endpointRefused,
  timeIsUp,
  WorkerFailed,
  workerLost,
  workerRefused,
} from './worker-call.ts';

const refusals: Partial<Record<Code, string>> = {
  [Code.Unauthenticated]: 'permission_denied',
  [Code.PermissionDenied]: 'permission_denied',
  [Code.InvalidArgument]: 'output_invalid',
  [Code.NotFound]: 'output_invalid',
  [Code.AlreadyExists]: 'output_invalid',
  [Code.FailedPrecondition]: 'output_invalid',
  [Code.OutOfRange]: 'output_invalid',
  [Code.Unimplemented]: 'output_invalid',
};

/** What a thrown value means. Not for calls of attempts that were told to end. */
export function contractFailure(error: unknown, worker: Worker): WorkerFailed | Fault {
  if (error instanceof WorkerFailed || error instanceof Fault) return error;
  if (outboundFailureIn(error)?.failure === 'refused') return endpointRefused(worker);
  const { code, isWireError } = ConnectError.from(error);
  if (code === Code.DeadlineExceeded) return timeIsUp();
  if (!isWireError) return brokenOff(error, worker);
  const refusal = refusals[code];
  const name = Code[code];
  if (refusal !== undefined) return workerRefused(worker, refusal, `refuses the call (${name})`);
  return workerLost(worker, `failed (${name})`);
}

/** What went wrong on the way, or with reading. */
function brokenOff(error: unknown, worker: Worker): WorkerFailed {
  if (connectionFailureOf(asConnectionError(error))) return workerLost(worker, connectionLostBy(error));
  if (ConnectError.from(error).code === Code.ResourceExhausted) return answerTooLarge(worker);
  return workerRefused(worker, 'output_invalid', 'answers, but not by the contract of AgentRuntimeService');
}
