// The one HTTP/2 connection to a replica: opened when needed, within a bounded time, and able to say which calls never reached the server.
import { constants, type Http2Session } from 'node:http2';
import type { LookupFunction } from 'node:net';
import { Http2SessionManager } from '@connectrpc/connect-node';
import { ConnectionFailure, connectionError } from './connection-failure.ts';

/** How long opening a connection may take, in milliseconds; an address that swallows packets would else cost a call all its time. */
export const connectTimeoutMs = 2_000;
const pingIntervalMs = 15_000;
const pingTimeoutMs = 5_000;
/** Shorter than the server's, so that no server closes a connection on which a call has just been sent. */
const idleConnectionTimeoutMs = 5 * 60_000;
/** What one connection may hold in memory, in megabytes; Node's own limit of 10 refuses large requests that are sent together. */
const sessionMegabytesMax = 1_024;

/** A connection as connect-node's transports use it. */
export interface ReplicaSession
  extends Pick<Http2SessionManager, 'authority' | 'request' | 'notifyResponseByteRead'> {
  /** Closes the connection; calls under way fail. */
  close(): void;
}

/** What differs for connections that leave the mesh; absent parts are as inside it. */
export interface ReplicaSessionOptions {
  /** How the name is resolved. */
  readonly lookup?: LookupFunction;
  /** Authorities in PEM that are trusted in the place of those of the platform. */
  readonly ca?: string;
  readonly connectTimeoutMs?: number;
  readonly sessionMegabytesMax?: number;
}

/** A connection to `http://host:port`, or by TLS to `https://host:port`; nothing is opened before the first call. */
export function createReplicaSession(baseUrl: string, options: ReplicaSessionOptions = {}): ReplicaSession {
  const timing = { pingIntervalMs, pingTimeoutMs, idleConnectionTimeoutMs };
  const { connectTimeoutMs: timeoutMs, sessionMegabytesMax: maxSessionMemory, ...reach } = options;
  const memory = { maxSessionMemory: maxSessionMemory ?? sessionMegabytesMax };
  const manager = new Http2SessionManager(baseUrl, timing, { ...memory, ...reach });
  return {
    authority: manager.authority,
    notifyResponseByteRead: (stream) => manager.notifyResponseByteRead(stream),
    close: () => manager.abort(),
    async request(...request) {
      if (manager.state() !== 'open') await connect(manager, timeoutMs);
      const stream = await manager.request(...request).catch(neverSent);
      keepFromProcess(stream.session);
      stream.once('error', (error: Error) => {
        if (stream.rstCode === constants.NGHTTP2_REFUSED_STREAM) error.cause = refused();
      });
      return stream;
    },
  };
}

// Whoever closes a connection takes the listeners away, and what it suffers after that, such as bytes that are no HTTP/2, would else end
// the process. Every call that it carried has been told by then.
function keepFromProcess(session: Http2Session | undefined): void {
  if (session && !session.listeners('error').includes(isToldAlready)) session.on('error', isToldAlready);
}

function isToldAlready(): void {}

// What a stream suffers that was opened while the server said goodbye (GOAWAY): HTTP/2 promises that nothing of it was processed.
function refused(): ConnectionFailure {
  return new ConnectionFailure('the replica refused the call', { sent: false });
}

function neverSent(cause: unknown): never {
  throw connectionError('the replica cannot be reached', { sent: false, cause });
}

// A connection that is not there in time is given up for all calls that wait for it.
async function connect(manager: Http2SessionManager, timeoutMs = connectTimeoutMs): Promise<void> {
  const slow = connectionError('the replica does not answer', { sent: false });
  const timer = setTimeout(() => manager.abort(slow), timeoutMs);
  const state = await manager.connect();
  clearTimeout(timer);
  if (state === 'error') neverSent(manager.error());
}
