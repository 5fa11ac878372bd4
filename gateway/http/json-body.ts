// Reads request bodies: JSON in UTF-8, of limited size and depth, and nothing else.
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isDeeperThan, jsonDepthMax } from '../core/json-depth.ts';
import { HttpProblem } from './http-problem.ts';

/** Largest body of a route that sets no limit of its own, in bytes. */
export const bodyBytesMax = 1024 * 1024;

/** Makes JSON the only media type of bodies. An absent body counts as an empty object, so that what it lacks can be named. */
export function addJsonBody(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, readBody);
  app.addHook('preValidation', async (request) => {
    if (request.body === undefined && request.routeOptions.schema?.body) request.body = {};
  });
}

/** HttpProblem 415 for a compressed body: how large it would become is not known. */
export function refuseCompressed(headers: IncomingHttpHeaders): void {
  const coding = headers['content-encoding'] ?? 'identity';
  if (coding !== 'identity') throw new HttpProblem(415, 'The body must not be compressed');
}

async function readBody({ headers }: FastifyRequest, bytes: Buffer): Promise<unknown> {
  refuseCompressed(headers);
  return bytes.length === 0 ? undefined : parseJson(bytes, 'The body');
}

/** The value of JSON text; HttpProblem 400 for all else. `subject` is what the text is, for the sentence. */
export function parseJson(bytes: Buffer, subject: string): unknown {
  const text = decoded(bytes, subject);
  if (isDeeperThan(text, jsonDepthMax)) {
    throw new HttpProblem(400, `${subject} nests more than ${jsonDepthMax} levels`);
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new HttpProblem(400, `${subject} is not valid JSON`, { cause });
  }
}

function decoded(bytes: Buffer, subject: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new HttpProblem(400, `${subject} is not valid JSON: it is not UTF-8`, { cause });
  }
}
