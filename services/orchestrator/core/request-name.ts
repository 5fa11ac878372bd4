// The names that callers give to requests which start something, so that a repeated request starts nothing more (SPEC S3.6).
import { Fault, type Violation } from '../../../foundation/fault/fault.ts';
import type { ExecutionRecord } from './execution-record.ts';
import type { ExecutionStatus } from './execution-state.ts';
import { jobOf } from './job-input.ts';
import { jobIdOf } from './public-id.ts';

/** Stands for no request of a user's. */
const claimRoute = 'take_over_document';
const nobody = '00000000-0000-0000-0000-000000000000';
const noBody = '0'.repeat(64);

/** The starts that can be named. A name holds for one of them alone. Gates name their runs themselves. */
export type StartRoute = 'start_ingestion' | 'start_query' | 'rerun_execution' | 'gate' | typeof claimRoute;

/** How long a name is kept, in milliseconds. */
export const nameKeptMs = 24 * 3_600_000;

const inFlightRetryMs = 1_000;
const nameForm = /^[\x20-\x7e]{1,128}$/;

/** A name as its user gave it, with what was asked for under it. */
export interface RequestName {
  readonly tenantId: string;
  readonly userId: string;
  readonly route: StartRoute;
  readonly key: string;
  /** SHA-256 of the request without its name, 64 hex digits. */
  readonly bodyHash: string;
  /**
   * Likewise, with images by what they are instead of where they lie: an image that comes with a request lies elsewhere each time. Absent
   * for requests without images.
   */
  readonly contentHash?: string;
}

/** What was started under a name before. */
export interface EarlierStart {
  readonly bodyHash: string;
  readonly contentHash?: string;
  readonly executionId: string;
  readonly createdAtMs: number;
  /** The execution; absent when it is not kept any more. */
  readonly execution?: {
    readonly status: ExecutionStatus;
    readonly subjectId: string;
    readonly createdAtMs: number;
    /** True once its document was in place. */
    readonly started: boolean;
  };
}

/** A start that is answered again. */
export type StartToRepeat = EarlierStart & Required<Pick<EarlierStart, 'execution'>>;

/** What a request is compared by. */
export type RequestHashes = Pick<RequestName, 'bodyHash' | 'contentHash'>;

/**
 * The name that a run which repeats another takes its document over under: of several that found the same run in the document, one has it.
 * Undefined for first runs and for those without a document.
 */
export function documentClaim({ tenantId, subjectId, input }: ExecutionRecord): RequestName | undefined {
  const { earlierJobId = '' } = jobOf(input).repeats ?? {};
  if (earlierJobId === '') return undefined;
  const key = `${subjectId} ${earlierJobId}`;
  return { tenantId, userId: nobody, route: claimRoute, key, bodyHash: noBody };
}

/** Throws `failed_precondition` when a run that has begun, or is about to, took the document over. */
export function requireUnclaimed(earlier: EarlierStart | undefined): void {
  if (!earlier || isRefused(earlier)) return;
  throw new Fault(
    'failed_precondition',
    `Another run of the same was faster: ${jobIdOf(earlier.executionId)}`,
  );
}

// A start that came to nothing leaves its name to the next one.
function isRefused({ execution }: EarlierStart): boolean {
  return !execution || (execution.status !== 'pending' && !execution.started);
}

/** What is wrong with a name; the empty one means none. */
export function checkRequestId(requestId: string): Violation[] {
  if (requestId === '' || nameForm.test(requestId)) return [];
  return [{ field: 'request_id', reason: 'must be 1 to 128 printable ASCII characters' }];
}

/**
 * The start to answer again, or undefined when the name is free: unused, older than a day, or used by a start that was refused. Fault
 * `request_reused` when the name stands for another request, `aborted` while the first one is being carried out.
 */
export function startToRepeat(
  earlier: EarlierStart | undefined,
  hashes: RequestHashes,
  nowMs: number,
): StartToRepeat | undefined {
  if (!earlier || nowMs - earlier.createdAtMs >= nameKeptMs) return undefined;
  const { execution } = earlier;
  if (!execution || isRefused(earlier)) return undefined;
  if (!isSameRequest(earlier, hashes)) {
    throw requestNameReused();
  }
  if (execution.status === 'pending') throw startInFlight();
  return { ...earlier, execution };
}

function isSameRequest(earlier: EarlierStart, { bodyHash, contentHash }: RequestHashes): boolean {
  return earlier.bodyHash === bodyHash || (contentHash !== undefined && earlier.contentHash === contentHash);
}

/** The fault for a name that stands for another request. */
export function requestNameReused(): Fault {
  return new Fault(
    'request_reused',
    'The name of this request (Idempotency-Key) was used for another one; choose a new one',
  );
}

/** The fault for a repeated request whose first one has not been answered. */
export function startInFlight(): Fault {
  const options = { retryAfterMs: inFlightRetryMs };
  return new Fault(
    'aborted',
    'The first request of this name (Idempotency-Key) is being carried out',
    options,
  );
}
