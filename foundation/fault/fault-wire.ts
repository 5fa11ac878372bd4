// Faults as they cross the mesh: a gRPC code, the public sentence and a typed detail. The private cause stays behind.
import { create } from '@bufbuild/protobuf';
import { durationFromMs, durationMs } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import { FaultDetailSchema } from '../../proto/gen/domainflow/common/v1/fault_pb.js';
import { asFault, Fault, type FaultReason } from './fault.ts';

const codeOfReason: Record<FaultReason, Code> = {
  invalid_argument: Code.InvalidArgument,
  unauthenticated: Code.Unauthenticated,
  permission_denied: Code.PermissionDenied,
  not_found: Code.NotFound,
  already_exists: Code.AlreadyExists,
  failed_precondition: Code.FailedPrecondition,
  aborted: Code.Aborted,
  resource_exhausted: Code.ResourceExhausted,
  unavailable: Code.Unavailable,
  deadline_exceeded: Code.DeadlineExceeded,
  cancelled: Code.Canceled,
  internal: Code.Internal,
};

const reasonOfCode = new Map<Code, FaultReason>(
  (Object.keys(codeOfReason) as FaultReason[]).map((reason) => [codeOfReason[reason], reason]),
);

/** Any thrown value as the error that a server sends. What is not a Fault or a ConnectError goes out as `internal` without its text. */
export function toConnectError(error: unknown): ConnectError {
  if (error instanceof ConnectError) return error;
  const fault = asFault(error);
  const detail = create(FaultDetailSchema, {
    violations: fault.violations.map(({ field, reason }) => ({ field, reason })),
    ...(fault.retryAfterMs === undefined ? {} : { retryAfter: durationFromMs(fault.retryAfterMs) }),
  });
  const details = [{ desc: FaultDetailSchema, value: detail }];
  return new ConnectError(fault.message, codeOfReason[fault.reason], undefined, details, error);
}

/** An error that a client received, as the Fault that the server threw. Codes without a reason of their own become `internal`. */
export function fromConnectError(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const received = ConnectError.from(error);
  const [detail] = received.findDetails(FaultDetailSchema);
  const violations = detail?.violations.map(({ field, reason }) => ({ field, reason })) ?? [];
  const wait = detail?.retryAfter ? { retryAfterMs: durationMs(detail.retryAfter) } : {};
  const reason = reasonOfCode.get(received.code) ?? 'internal';
  return new Fault(reason, received.rawMessage, { violations, ...wait, cause: error });
}
