// How a server of HTTP/2 stops without losing a call: deaf first, then goodbye to each connection, then time for what is under way.
import { constants, type Http2Server, type ServerHttp2Session } from 'node:http2';
import { Server } from 'node:net';

/** The largest id of a stream: a goodbye that refuses nothing that is already on its way. */
const streamIdMax = 2 ** 31 - 1;

/** How long a client has to answer the first goodbye, in milliseconds; far longer than a way there and back inside a cluster. */
const farewellMs = 200;

/** Follows the connections of a server from now on. Answers how to take leave of those that are open. */
export function trackSessions(server: Http2Server): SessionTracker {
  const sessions = new Set<ServerHttp2Session>();
  server.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
    // An error ends its session, and the calls on it say so themselves.
    session.on('error', () => undefined);
  });
  return {
    takeLeave: () => Promise.all([...sessions].map(leaveSession)),
    cut: () => {
      for (const session of sessions) session.destroy();
    },
  };
}

/** The open connections of a server. */
export interface SessionTracker {
  /** Says goodbye to every connection; resolves when all are closed, which each is when its last call has ended. */
  takeLeave(): Promise<unknown>;
  /** Closes every connection at once; calls under way fail. */
  cut(): void;
}

/** Stops accepting connections and leaves open ones alone; Node's own `close` of such a server refuses requests that are on their way. */
export function stopListening(server: Http2Server): void {
  Server.prototype.close.call(server);
}

// Two goodbyes (GOAWAY), as RFC 9113 section 6.8 advises: the first makes the client send nothing new here. The answer to the ping says that
// it has read it and that all it sent before has arrived, so that the second refuses nothing. A Node client without calls answers nothing
// more after the first goodbye and waits for the connection to end.
function leaveSession(session: ServerHttp2Session): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (session.destroyed) return Promise.resolve();
  session.once('close', () => resolve());
  if (session.closed) return promise;
  session.goaway(constants.NGHTTP2_NO_ERROR, streamIdMax);
  const close = (): void => {
    clearTimeout(timer);
    if (!session.closed) session.close();
  };
  const timer = setTimeout(close, farewellMs);
  session.ping(close);
  return promise;
}
