// The header `Vary`, to which several hooks add.
import type { FastifyReply } from 'fastify';

/** Says that the answer depends on this request header too. */
export function addVary(reply: FastifyReply, name: string): void {
  const held = reply.getHeader('vary');
  reply.header('vary', held === undefined ? name : `${held}, ${name}`);
}
