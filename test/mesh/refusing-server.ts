// An HTTP/2 server that refuses streams as a server does that is going away: HTTP/2 then promises that nothing was processed.
import { constants, createServer, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';

/** A server that answers every call with an empty message once it has refused enough. */
export interface RefusingServer {
  /** `host:port`. */
  readonly address: string;
  /** Streams opened so far, the refused ones included. */
  streams(): number;
  close(): Promise<void>;
}

/** Starts a server that refuses the first `refusals` streams. */
export async function startRefusingServer(refusals: number): Promise<RefusingServer> {
  const server = createServer();
  const sessions = new Set<ServerHttp2Session>();
  let streams = 0;
  server.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
  });
  server.on('stream', (stream) => {
    streams += 1;
    stream.on('error', () => undefined);
    if (streams <= refusals) return stream.close(constants.NGHTTP2_REFUSED_STREAM);
    stream.respond({ ':status': 200, 'content-type': 'application/proto' });
    return stream.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    streams: () => streams,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const session of sessions) session.destroy();
      }),
  };
}
