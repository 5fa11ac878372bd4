// How connections end on which nothing is being answered when the server closes. A request may be on its way on each of them, and a client that sent
// it would never know whether it was carried out: so no connection is taken any more, and those that are open are given a while.
import { Server, type Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/**
 * Gives open connections `graceMs` from the moment in which the server begins to close, in which nobody connects any more and requests are answered
 * as ever; then ends each connection on which not one byte has arrived, which Node counts among the busy ones. Idle ones end by the server itself.
 */
export function addSilentConnections(app: FastifyInstance, graceMs: number): void {
  const open = new Set<Socket>();
  let onNone = (): void => undefined;
  app.server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => {
      open.delete(socket);
      if (open.size === 0) onNone();
    });
  });
  app.addHook('preClose', async () => {
    // That of HTTP would end connections which wait for a next request.
    if (app.server.listening) Server.prototype.close.call(app.server);
    if (open.size > 0 && graceMs > 0) await ended((none) => (onNone = none), graceMs);
    for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
  });
}

/** Resolves when it is told, and when the time is up. */
function ended(tell: (none: () => void) => void, withinMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, withinMs);
    tell(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
