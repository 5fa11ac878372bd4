// Loads one URL from a process of its own, as cheaply as it can: requests are bytes made once, answers are counted by their length. It knows
// HTTP/1.1 answers with Content-Length and nothing else.
import { createConnection, type Socket } from 'node:net';
import { quantile } from './measure.ts';

/** What to load, sent by the process that forked this one. */
export interface LoadOrder {
  readonly port: number;
  /** Path with query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Connections, each with one request under way. */
  readonly inFlight: number;
  readonly seconds: number;
}

/** What it found. */
export interface LoadResult {
  readonly answers: number;
  /** Answers by status. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** CPU of this process during the load. */
  readonly cpuMs: number;
}

async function load({ port, path, headers, inFlight, seconds }: LoadOrder): Promise<LoadResult> {
  const lines = Object.entries({ host: '127.0.0.1', ...headers }).map(([name, value]) => `${name}: ${value}`);
  const request = Buffer.from(`GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
  const timesMs: number[] = [];
  const statuses: Record<string, number> = {};
  const cpu = process.cpuUsage();
  const startMs = performance.now();
  const endMs = startMs + seconds * 1_000;
  const lane = async (): Promise<void> => {
    const socket = createConnection({ port, host: '127.0.0.1', noDelay: true });
    const answers = answersOn(socket);
    do {
      const oneMs = performance.now();
      socket.write(request);
      const status = await answers();
      timesMs.push(performance.now() - oneMs);
      statuses[status] = (statuses[status] ?? 0) + 1;
    } while (performance.now() < endMs);
    socket.destroy();
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  const { user, system } = process.cpuUsage(cpu);
  const tookS = (performance.now() - startMs) / 1_000;
  return {
    answers: timesMs.length,
    statuses,
    perSecond: Math.round(timesMs.length / tookS),
    p50Ms: quantile(timesMs, 0.5),
    p99Ms: quantile(timesMs, 0.99),
    cpuMs: Math.round((user + system) / 1_000),
  };
}

/** The status of the next answer, once its body is whole. */
function answersOn(socket: Socket): () => Promise<string> {
  let text = '';
  let settle: { resolve: (status: string) => void; reject: (error: Error) => void } | undefined;
  socket.setEncoding('latin1');
  socket.on('error', (error) => settle?.reject(error));
  socket.on('close', () => settle?.reject(new Error('The connection was closed')));
  socket.on('data', (chunk: string) => {
    text += chunk;
    const headEnd = text.indexOf('\r\n\r\n');
    if (headEnd < 0) return;
    const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, headEnd))?.[1];
    if (length === undefined)
      return settle?.reject(new Error(`No Content-Length in ${text.slice(0, headEnd)}`));
    const end = headEnd + 4 + Number(length);
    if (text.length < end) return;
    const status = text.slice(9, 12);
    text = text.slice(end);
    settle?.resolve(status);
  });
  return () =>
    new Promise((resolve, reject) => {
      settle = { resolve, reject };
    });
}

process.on('message', (order: LoadOrder) => {
  load(order).then(
    (result) => process.send?.({ result }),
    (error: Error) => process.send?.({ problem: error.stack }),
  );
});
process.once('disconnect', () => process.exit(0));
