// A TCP proxy whose connections a test can cut as a crash or a broken network would.

import type { AddressInfo } from 'node:net';
import { createServer, connect as dial, type Socket } from 'node:net';

/** A proxy in front of one server. */
export interface SeverableProxy {
  /** `host:port`. */
  readonly address: string;
  /** Connections accepted so far. */
  accepted(): number;
  /** Holds back what the server says on the connections that are open, until they are cut; what is asked still reaches it. */
  hush(): void;
  /** Breaks every connection with a reset. */
  cut(): void;
  /** Refuses new connections and breaks the open ones. */
  close(): Promise<void>;
}

/** A proxy to `host:port`; port 0 lets the system choose its own. */
export async function startSeverableProxy(target: string, port = 0): Promise<SeverableProxy> {
  const { hostname, port: farPort } = new URL(`tcp://${target}`);
  const sockets = new Set<Socket>();
  const answering = new Set<Socket>();
  let accepted = 0;
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  };
  const server = createServer((near) => {
    accepted += 1;
    const far = dial({ host: hostname, port: Number(farPort) });
    keep(near);
    keep(far);
    answering.add(far);
    far.once('close', () => answering.delete(far));
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const cut = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    accepted: () => accepted,
    hush: () => {
      for (const far of answering) far.unpipe().pause();
    },
    cut,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        cut();
      }),
  };
}

/** An address where nobody listens. */
export async function deadAddress(): Promise<string> {
  const proxy = await startSeverableProxy('127.0.0.1:1');
  await proxy.close();
  return proxy.address;
}
