// Faults as they cross the mesh: a gRPC code, the public sentence and a typed detail. The private cause stays behind.
import { create, toBinary } from '@bufbuild/protobuf';
import { durationFromMs, durationMs } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import { FaultDetailSchema, FieldViolationSchema } from '../../proto/gen/domainflow/common/v1/fault_pb.js';
import { asFault, Fault, type FaultReason, type Violation } from './fault.ts';

/** Characters of a sentence that cross the mesh; gRPC carries it in a trailer, and readers bound those. */
export const sentenceCharactersMax = 1_000;
/** Bytes of all violations of a fault that cross the mesh, for the same reason; further ones are left out. */
export const violationBytesMax = 24 * 1024;

const codeOfReason: Record<FaultReason, Code> = {
  invalid_argument: Code.InvalidArgument,
  request_reused: Code.InvalidArgument,
  malformed: Code.InvalidArgument,
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

/** Reasons that share their code with another one, which the detail tells apart. */
const toldByDetail = new Set<FaultReason>(['request_reused', 'malformed']);

const reasonOfCode = new Map<Code, FaultReason>(
  (Object.keys(codeOfReason) as FaultReason[])
    .filter((reason) => !toldByDetail.has(reason))
    .map((reason) => [codeOfReason[reason], reason]),
);

/** Said of failures that arose in this process on the way to the server, whose own texts name addresses and libraries. */
const localSentences: Partial<Record<FaultReason, string>> = {
  unavailable: 'A service that is needed cannot be reached',
  deadline_exceeded: 'The time for the call is up',
  cancelled: 'The call was cancelled',
  resource_exhausted: 'The answer of a service is too large',
};

/** Any thrown value as the error that a server sends. What is not a Fault or a ConnectError goes out as `internal` without its text. */
export function toConnectError(error: unknown): ConnectError {
  if (error instanceof ConnectError) return error;
  const fault = asFault(error);
  const detail = create(FaultDetailSchema, {
    violations: bounded(fault.violations),
    requestReused: fault.reason === 'request_reused',
    malformed: fault.reason === 'malformed',
    ...(fault.retryAfterMs === undefined
      ? {}
      : { retryAfter: durationFromMs(Math.ceil(fault.retryAfterMs)) }),
  });
  const details = [{ desc: FaultDetailSchema, value: detail }];
  const sentence = fault.message.slice(0, sentenceCharactersMax);
  return new ConnectError(sentence, codeOfReason[fault.reason], undefined, details, error);
}

/**
 * An error that a client received, as the Fault that the server threw. Codes without a reason of their own become `internal`, and so do
 * sentences of `internal` that no server of the mesh vouches for with a detail.
 */
export function fromConnectError(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const received = ConnectError.from(error);
  const coded = reasonOfCode.get(received.code) ?? 'internal';
  if (!received.isWireError) return localFault(coded, error);
  const [detail] = received.findDetails(FaultDetailSchema);
  const reason = detail?.malformed ? 'malformed' : coded;
  if (detail?.requestReused) return new Fault('request_reused', received.rawMessage, { cause: error });
  if (!detail && reason === 'internal') return asFault(error);
  const violations = detail?.violations.map(({ field, reason: why }) => ({ field, reason: why })) ?? [];
  const wait = detail?.retryAfter ? { retryAfterMs: durationMs(detail.retryAfter) } : {};
  return new Fault(reason, received.rawMessage, { violations, ...wait, cause: error });
}

function localFault(reason: FaultReason, cause: unknown): Fault {
  const sentence = localSentences[reason];
  return sentence === undefined ? asFault(cause) : new Fault(reason, sentence, { cause });
}

function bounded(violations: readonly Violation[]): Violation[] {
  let bytes = 0;
  return violations
    .map(({ field, reason }) => ({ field, reason }))
    .filter((violation) => {
      bytes += toBinary(FieldViolationSchema, create(FieldViolationSchema, violation)).byteLength;
      return bytes <= violationBytesMax;
    });
}
