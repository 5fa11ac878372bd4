// A proxy in front of PostgreSQL that asks about each write of the report index before it passes it on, and again before it passes back
// that it was committed. Everything else passes untouched.
import { once } from 'node:events';
import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net';
import type { WriteSteps } from './write-steps.for-test.ts';

/** Statements that write rows, by their text. */
const writes = /select reports\.index_(upsert|remove)/;
/** How the server says that a transaction is committed. */
const committed = 'COMMIT\0';

/** A running proxy. */
export interface IndexProxy {
  /** The URL of the database through the proxy. */
  readonly url: string;
  close(): Promise<void>;
}

/** A proxy to the server of a URL. Writes are named `index`. */
export async function startIndexProxy(databaseUrl: string, steps: WriteSteps): Promise<IndexProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = dial({ host: target.hostname, port: Number(target.port) });
    let awaited: number | undefined;
    relay(sockets, near, far, (bytes) => {
      if (!writes.test(bytes.toString('latin1'))) return true;
      const { goesOn, step } = steps.before({ name: 'index', bytes });
      awaited = step;
      return goesOn;
    });
    relay(sockets, far, near, (bytes) => {
      if (awaited === undefined || !bytes.includes(committed)) return true;
      const step = awaited;
      awaited = undefined;
      return steps.after(step);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: Object.assign(new URL(databaseUrl), { port: String(port) }).toString(),
    close: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}

/** Passes bytes on as long as `mayPass` says so; then the connection is broken off. */
function relay(sockets: Set<Socket>, from: Socket, to: Socket, mayPass: (bytes: Buffer) => boolean): void {
  sockets.add(from);
  from.on('error', () => undefined);
  from.once('close', () => {
    sockets.delete(from);
    to.destroy();
  });
  from.on('data', (bytes: Buffer) => {
    if (mayPass(bytes)) to.write(bytes);
    else from.destroy();
  });
}
