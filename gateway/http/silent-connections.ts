// Connections that were opened ahead of a request that never came, as browsers and clients with a pool do. Node counts them among the busy
// ones, so that each would hold up a server that closes until its time is up.
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** Ends, once the server begins to close, each connection on which not one byte has arrived. */
export function addSilentConnections(app: FastifyInstance): void {
  const open = new Set<Socket>();
  app.server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  // What listens has not ended yet here; a connection that comes after this is ended as it comes.
  app.addHook('preClose', async () => {
    for (const socket of open) endSilent(socket);
    app.server.on('connection', (socket) => setImmediate(endSilent, socket));
  });
}

function endSilent(socket: Socket): void {
  if (socket.bytesRead === 0) socket.destroy();
}
