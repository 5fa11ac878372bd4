// A proxy in front of PostgreSQL that lets a statement through and keeps its reply back, as a network that breaks at commit does.
import { once } from 'node:events';
import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net';

/** A proxy in front of one server. */
export interface ReplyLosingProxy {
  /** The same database, through the proxy. */
  readonly url: string;
  /** The connection that sends this text for the nth [1st] time from now on gets no more replies. Resolves once the text was sent. */
  loseReplyTo(text: string, nth?: number): Promise<void>;
  /** Breaks every connection that waits for a reply that was kept back. */
  cut(): void;
  close(): Promise<void>;
}

/** A proxy to the server of a URL, on a free port. */
export async function startReplyLosingProxy(databaseUrl: string): Promise<ReplyLosingProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  const muted = new Set<Socket>();
  let watched: { readonly text: string; left: number; readonly sent: () => void } | undefined;

  const server = createServer((near) => {
    const far = dial({ host: target.hostname, port: Number(target.port) });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
    near.on('data', (bytes: Buffer) => {
      if (watched && bytes.includes(watched.text)) watched.left -= 1;
      if (watched?.left === 0) {
        muted.add(near);
        watched.sent();
        watched = undefined;
      }
      far.write(bytes);
    });
    far.on('data', (bytes: Buffer) => {
      if (!muted.has(near)) near.write(bytes);
    });
    near.once('close', () => far.destroy());
    far.once('close', () => near.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: Object.assign(new URL(databaseUrl), { hostname: '127.0.0.1', port: String(port) }).toString(),
    loseReplyTo: (text, nth = 1) =>
      new Promise((sent) => {
        watched = { text, left: nth, sent };
      }),
    cut: () => {
      for (const socket of muted) socket.resetAndDestroy();
    },
    close: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
