// Ends connections of a server on which nothing was called for a while. It uses no `session.setTimeout`: Node forgets to stop that timer when a
// session ends before its time, and keeps the session, its server and all that serves there until then.
import type { Http2Server, ServerHttp2Session, ServerHttp2Stream } from 'node:http2';

/** Closes each session, in order, once no call has been under way on it for `idleMs`. A session that has ended is let go of at once. */
export function closeIdleSessions(server: Http2Server, idleMs: number): void {
  server.on('session', (session) => closeWhenIdle(session, idleMs));
}

function closeWhenIdle(session: ServerHttp2Session, idleMs: number): void {
  let underWay = 0;
  const look = (): void => void (underWay > 0 ? timer.refresh() : session.close());
  const timer = setTimeout(look, idleMs).unref(); // the server itself keeps the process
  session.on('stream', (stream: ServerHttp2Stream) => {
    underWay += 1;
    stream.once('close', () => {
      underWay -= 1;
      timer.refresh();
    });
  });
  session.once('close', () => clearTimeout(timer));
}
