// A TCP port of 127.0.0.1 that is free at this moment.
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** A port nobody listens on right now; another process may take it before it is used, so a start on it may have to be repeated. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
