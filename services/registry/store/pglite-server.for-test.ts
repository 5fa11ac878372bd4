// A PostgreSQL that brings PostGIS along, for every platform: PGlite inside this process, behind PostgreSQL's own wire protocol. It has one
// session, which connections use one after another, always as the superuser.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { PGlite } from '@electric-sql/pglite';
import { postgis } from '@electric-sql/pglite-postgis';

/** A running PGlite. */
export interface PgliteServer {
  /** The superuser's URL of its only database. */
  readonly url: string;
  /** Ends it; every client must have closed its connection before. */
  stop(): Promise<void>;
}

/** Starts an empty PGlite that has PostGIS in reach, not yet installed. */
export async function startPgliteWithPostgis(): Promise<PgliteServer> {
  const database = await PGlite.create({ extensions: { postgis } });
  let session = Promise.resolve();
  const server = createServer((socket) => {
    session = session.then(() => serve(socket, database));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `postgresql://postgres:postgres@127.0.0.1:${port}/postgres`,
    stop: async () => {
      server.close();
      await once(server, 'close');
      await session;
      await database.close();
    },
  };
}

/** Answers one connection until it ends, and leaves nothing of it to the next one. */
async function serve(socket: Socket, database: PGlite): Promise<void> {
  let received = Buffer.alloc(0);
  let started = false;
  for await (const chunk of socket) {
    received = Buffer.concat([received, chunk]);
    for (;;) {
      const headBytes = started ? 1 : 0; // only the first message of a connection has no type
      if (received.length < headBytes + 4) break;
      const messageBytes = headBytes + received.readInt32BE(headBytes);
      if (received.length < messageBytes) break;
      const message = received.subarray(0, messageBytes);
      received = received.subarray(messageBytes);
      if (started && message.toString('latin1', 0, 1) === 'X') socket.end();
      else socket.write(await database.execProtocolRaw(message));
      started = true;
    }
  }
  await database.exec('rollback');
  await database.exec('discard all');
}
