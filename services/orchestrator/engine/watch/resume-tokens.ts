// Signs how far a stream of many runs has been read, bound to whose stream it is. Who gets the value can read it, but cannot make one.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { invalidArgument } from '../../../../foundation/fault/fault.ts';
import { packVector, type ResumeVector, unpackVector } from '../../core/resume-vector.ts';

/** The longest value that is read, in characters. */
export const resumeLengthMax = 8_192;

const macBytes = 32;

/** Whose stream it is. */
export interface ResumeScope {
  readonly tenantId: string;
  readonly userId: string;
  /** The session; absent for everything that the user started. */
  readonly sessionId?: string;
}

/** Seals and opens positions of streams. */
export interface ResumeTokens {
  seal(scope: ResumeScope, vector: ResumeVector): string;
  /** Fault `invalid_argument` on field `last_event_id` for a value that was altered or sealed for another stream. */
  open(scope: ResumeScope, token: string): ResumeVector;
}

/** Seals under a key of at least 32 bytes, the same in all replicas. */
export function createResumeTokens({ key }: { readonly key: string }): ResumeTokens {
  const sign = ({ tenantId, userId, sessionId }: ResumeScope, payload: Uint8Array): Buffer => {
    const bound = JSON.stringify(['watch-resume', tenantId, userId, sessionId ?? null]);
    return createHmac('sha256', key).update(bound).update('\n').update(payload).digest();
  };
  return {
    seal(scope, vector) {
      const payload = packVector(vector);
      return Buffer.concat([sign(scope, payload), payload]).toString('base64url');
    },
    open(scope, token) {
      const bytes = decode(token);
      const payload = bytes?.subarray(macBytes);
      const isOwn = bytes && payload && timingSafeEqual(bytes.subarray(0, macBytes), sign(scope, payload));
      const vector = isOwn ? unpackVector(payload) : undefined;
      if (!vector) {
        throw invalidArgument([{ field: 'last_event_id', reason: 'is not an event id of this stream' }]);
      }
      return vector;
    },
  };
}

function decode(token: string): Buffer | undefined {
  if (token.length > resumeLengthMax) return undefined;
  const bytes = Buffer.from(token, 'base64url');
  return bytes.length > macBytes && bytes.toString('base64url') === token ? bytes : undefined;
}
