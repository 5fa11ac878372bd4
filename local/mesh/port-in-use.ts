// Says in plain words that a port is taken, before anything else is started.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { Fault } from '../../foundation/fault/fault.ts';

/** True when nobody listens on the port of 127.0.0.1 right now; always for 0. */
export async function isPortFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
    throw error;
  } finally {
    server.close();
  }
}

/** Fault `failed_precondition` with what to do about it when the port is taken. */
export async function requireFreePort(port: number): Promise<void> {
  if (await isPortFree(port)) return;
  throw new Fault(
    'failed_precondition',
    `Port ${port} is in use by another program. Stop that program, or choose another port: PORT=${port + 1} npm start`,
  );
}
