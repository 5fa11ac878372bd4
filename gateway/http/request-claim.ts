// What a request holds that carries an Idempotency-Key and is being carried out: the one right to do so.
import type { FastifyRequest } from 'fastify';

/** Name of the request decorator that holds the claim. */
export const claimDecorator = 'claim';

/** The right to carry a request out. */
export interface RequestClaim {
  /** UUID, the same each time that the request comes: what is made under it is made once. */
  readonly requestId: string;
  /** 32 bytes that nobody outside can tell, the same each time that the request comes. */
  readonly seed: Uint8Array<ArrayBuffer>;
}

/** The claim of a request below the API base; undefined for one without an Idempotency-Key, and where a service remembers requests itself. */
export function claimOf(request: FastifyRequest): RequestClaim | undefined {
  return request.getDecorator<RequestClaim | null>(claimDecorator) ?? undefined;
}
