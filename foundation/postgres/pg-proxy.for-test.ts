// A proxy in front of PostgreSQL for tests: it counts connections, keeps what clients send, and can fall silent or break off.
import { once } from 'node:events';
import { type AddressInfo, createServer, connect as dial, type Server, type Socket } from 'node:net';

/** A proxy to one server. */
export interface PgProxy {
  /** The URL of the database through the proxy. */
  readonly url: string;
  /** Connections accepted so far. */
  accepted(): number;
  /** What clients have sent so far, each byte as one character. */
  sent(): string;
  /** From now on nothing passes on the connections that are open; new ones are not touched. */
  mute(): void;
  /** Breaks the next connection that sends this text off, once the server has answered it and before the answer is passed on. */
  cutAtReplyTo(text: string): void;
  /** Says these bytes after the server's word that the next login is done, so that a client reads both at once. */
  sayAfterLogin(bytes: Buffer): void;
  close(): Promise<void>;
}

/** The simple query message with an empty text, by which a pool asks whether its server still answers. */
export const emptyQuery = 'Q\0\0\0\x05\0';

const readyForQuery = Buffer.from('Z\0\0\0\x05I', 'latin1');

/** A proxy to the server of a URL; port 0 lets the system choose its own. */
export async function startPgProxy(databaseUrl: string, listenPort = 0): Promise<PgProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  const muted = new Set<Socket>();
  const doomed = new Set<Socket>();
  let cutAt: string | undefined;
  let afterLogin: Buffer | undefined;
  let accepted = 0;
  let sent = '';
  const pass = (from: Socket, to: Socket, note: (bytes: Buffer) => void): void => {
    sockets.add(from);
    from.on('error', () => undefined);
    from.once('close', () => {
      sockets.delete(from);
      to.destroy();
    });
    from.on('data', (bytes: Buffer) => {
      note(bytes);
      if (!muted.has(from)) to.write(bytes);
    });
  };
  const server = createServer((near) => {
    accepted += 1;
    const far = dial({ host: target.hostname, port: Number(target.port) });
    pass(near, far, (bytes) => {
      sent += bytes.toString('latin1');
      if (cutAt === undefined || !bytes.includes(cutAt)) return;
      cutAt = undefined;
      doomed.add(near);
    });
    pass(far, near, (bytes) => {
      if (afterLogin && bytes.includes(readyForQuery)) {
        muted.add(far);
        near.end(Buffer.concat([bytes, afterLogin]));
        afterLogin = undefined;
      }
      if (!doomed.has(near)) return;
      muted.add(far);
      near.resetAndDestroy();
    });
  });
  const port = await listening(server, listenPort);
  return {
    url: Object.assign(new URL(databaseUrl), { port }).toString(),
    accepted: () => accepted,
    sent: () => sent,
    mute: () => sockets.forEach(muted.add, muted),
    cutAtReplyTo: (text) => {
      cutAt = text;
    },
    sayAfterLogin: (bytes) => {
      afterLogin = bytes;
    },
    close: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}

async function listening(server: Server, port: number): Promise<string> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return String((server.address() as AddressInfo).port);
}
