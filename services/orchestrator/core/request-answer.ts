// Requests with a name whose answers are kept, so that a repeated one is answered without being carried out again.
import type { Violation } from '../../../foundation/fault/fault.ts';
import { requestNameReused, startInFlight } from './request-name.ts';

/** Bytes of a name and of the hash of a body. */
const hashBytes = 32;
/** Longest time that a claim holds, in seconds. */
const leaseSecondsMax = 600;
/** Bytes of a sealed answer. */
const answerBytesMax = 320 * 1024;

/** Whose name it is. */
export interface AnswerKey {
  readonly tenantId: string;
  readonly userId: string;
  /** 32 bytes. */
  readonly name: Uint8Array;
}

/** A wish to carry a request out. */
export interface WantedClaim extends AnswerKey {
  /** 32 bytes. */
  readonly bodyHash: Uint8Array;
  /** UUID of this try. */
  readonly claim: string;
  /** UUID of the request, if this is its first try. */
  readonly requestId: string;
  readonly leaseMs: number;
}

/** What is known of a name that could not be claimed. */
export interface HeldName {
  readonly requestId: string;
  readonly sameBody: boolean;
  /** Absent while the request is being carried out. */
  readonly answer?: Uint8Array;
}

/** What is wrong with a wish. */
export function checkClaim({
  name,
  bodyHash,
  leaseSeconds,
}: Pick<WantedClaim, 'name' | 'bodyHash'> & { readonly leaseSeconds: number }): Violation[] {
  const wholeLease = leaseSeconds >= 1 && leaseSeconds <= leaseSecondsMax;
  return [
    ...checkHash('name', name),
    ...checkHash('body_hash', bodyHash),
    ...(wholeLease ? [] : [{ field: 'lease_seconds', reason: `must be 1 to ${leaseSecondsMax}` }]),
  ];
}

/** What is wrong with an answer to keep. */
export function checkAnswer(answer: Uint8Array): Violation[] {
  if (answer.length > 0 && answer.length <= answerBytesMax) return [];
  return [{ field: 'answer', reason: `must have 1 to ${answerBytesMax} bytes` }];
}

/** The answer to repeat. Fault `request_reused` for another body, `aborted` while there is no answer yet. */
export function answerToRepeat({ sameBody, answer }: HeldName): Uint8Array {
  if (!sameBody) throw requestNameReused();
  if (!answer) throw startInFlight();
  return answer;
}

function checkHash(field: string, bytes: Uint8Array): Violation[] {
  return bytes.length === hashBytes ? [] : [{ field, reason: `must have ${hashBytes} bytes` }];
}
