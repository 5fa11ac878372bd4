// How large the head of a request may be. Node refuses one of more than 16 KB before any hook runs; here are the limits within that.
import type { FastifyInstance } from 'fastify';
import { HttpProblem } from './http-problem.ts';

/** Longest path with its query, in characters: every server should take as many (RFC 9110, 4.1). */
export const urlLengthMax = 8_000;
/** Most header fields. */
export const headerFieldsMax = 100;

/** Answers 414 and 431. */
export function addRequestLimits(app: FastifyInstance): void {
  app.addHook('onRequest', async ({ raw }) => {
    if ((raw.url ?? '').length > urlLengthMax) {
      throw new HttpProblem(414, `The path and its query have more than ${urlLengthMax} characters`);
    }
    if (raw.rawHeaders.length / 2 > headerFieldsMax) {
      throw new HttpProblem(431, `The request has more than ${headerFieldsMax} header fields`);
    }
  });
}
