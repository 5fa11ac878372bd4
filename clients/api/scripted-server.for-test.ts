// A server that answers as a test says, request by request, and remembers what it was asked.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it came. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Answers one request; the last one answers all that follow. */
export type Script = (response: ServerResponse, request: SeenRequest) => void;

/** A running server. */
export interface ScriptedServer {
  readonly url: string;
  readonly seen: readonly SeenRequest[];
  close(): Promise<void>;
}

/** Starts a server that answers with these scripts in order. Bodies are read to their end first. */
export async function startScriptedServer(...scripts: readonly Script[]): Promise<ScriptedServer> {
  const seen: SeenRequest[] = [];
  return startServer(async (request, response) => {
    const pieces: Uint8Array[] = await Array.fromAsync(request);
    const { method = '', url = '', headers } = request;
    const asked = { method, path: url, headers, body: Buffer.concat(pieces).toString() };
    const script = scripts[Math.min(seen.length, scripts.length - 1)];
    seen.push(asked);
    script?.(response, asked);
  }, seen);
}

/** Starts a server with a listener of its own. */
export async function startServer(
  listener: (request: IncomingMessage, response: ServerResponse) => unknown,
  seen: readonly SeenRequest[] = [],
): Promise<ScriptedServer> {
  const server = createServer((request, response) => void listener(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Answers with JSON. */
export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Script {
  return (response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** Answers with a problem. */
export function problem(
  status: number,
  more: object = {},
  headers: Readonly<Record<string, string>> = {},
): Script {
  const body = {
    status,
    title: 'Refused',
    detail: 'No',
    error_code: `ERR_${status}`,
    trace_id: 'f'.repeat(32),
  };
  return json(
    status,
    { ...body, details: [], ...more },
    { 'content-type': 'application/problem+json', ...headers },
  );
}

/** Ends the connection without an answer. */
export const hangUp: Script = (response) => void response.destroy();
