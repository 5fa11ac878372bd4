// A TCP port of 127.0.0.1 that is free at this moment.
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

// Under those that systems give to outgoing connections (from 32768 on Linux, from 49152 elsewhere): while a server is away, nobody's
// connection takes its port, and a client that calls it again and again is not connected to itself.
const firstPort = 15_000;
const endPort = 32_000;
const attemptsMax = 200;

/** A port nobody listens on right now; another process may take it before it is used, so a start on it may have to be repeated. */
export async function freePort(): Promise<number> {
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    const port = randomInt(firstPort, endPort);
    if (await isFree(port)) return port;
  }
  throw new Error(
    `No port from ${firstPort} to ${endPort - 1} is free, as far as ${attemptsMax} attempts tell`,
  );
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    if (['EADDRINUSE', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
  server.close();
  await once(server, 'close');
  return true;
}
