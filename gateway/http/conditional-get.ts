// Every answer to a GET is tagged, by its version or else by its content, and not sent again to a caller who has it.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { contentTag, isKnown } from '../core/entity-tag.ts';
import './route-config.ts';
import { addVary } from './vary.ts';

/** Asked for anew each time, and kept by nobody but the caller. */
const cacheControl = 'private, no-cache';

/** Tags whole answers of all routes but probes, and answers 304 to those who have them. Streams have no tag. */
export function addConditionalGet(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply, payload) => {
    if (typeof payload !== 'string' || !isTagged(request, reply)) return payload;
    const tag = String(reply.getHeader('etag') ?? contentTag(payload));
    reply.header('etag', tag);
    // Also where it is sent as it is: another caller may have been sent it compressed.
    addVary(reply, 'accept-encoding');
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', cacheControl);
    const known = request.headers['if-none-match'];
    if (known === undefined || !isKnown(known, tag)) return payload;
    reply.code(304).removeHeader('content-type').removeHeader('content-length');
    return null;
  });
}

function isTagged({ method, routeOptions }: FastifyRequest, { statusCode }: FastifyReply): boolean {
  const isGet = method === 'GET' || method === 'HEAD';
  return isGet && statusCode === 200 && routeOptions.config.probe !== true;
}
