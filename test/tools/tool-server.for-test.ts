// A tenant's own server at `https://tool.example`, on this machine: an HTTP tool, an OAuth token endpoint and an MCP server by the SDK. It notes
// what it is asked.
import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { toolCertificate, toolKey } from '../../foundation/net/tool-certificate.for-test.ts';

/** A request that came. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Answers a request; the body has been read. */
export type AnswerRequest = (request: SeenRequest, response: ServerResponse) => void;

/** The server. */
export interface ToolServer {
  /** `https://tool.example:port`. */
  readonly origin: string;
  readonly seen: readonly SeenRequest[];
  /** Answers `/call` from now on. */
  answer(answer: AnswerRequest): void;
  /** MCP sessions that are open. */
  sessions(): number;
  close(): Promise<void>;
}

/** Starts it. `/call` answers what it was asked with, `/token` gives the token `token-1`, then `token-2`, and so on. */
export async function startToolServer(addTools: (server: Server) => void = () => {}): Promise<ToolServer> {
  const seen: SeenRequest[] = [];
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  let answerCall: AnswerRequest = ({ body }, response) => response.end(body);
  let tokens = 0;
  const server = createServer({ cert: toolCertificate, key: toolKey }, async (incoming, response) => {
    const request = await requestOf(incoming);
    seen.push(request);
    if (/^\/call\b/.test(request.path)) return answerCall(request, response);
    if (request.path === '/token') {
      tokens += 1;
      return response.end(
        JSON.stringify({ access_token: `token-${tokens}-of-server`, token_type: 'Bearer', expires_in: 600 }),
      );
    }
    if (request.path === '/mcp') return serveMcp({ incoming, response, request, sessions, addTools });
    response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    seen,
    origin: `https://tool.example:${(server.address() as AddressInfo).port}`,
    answer: (answer) => {
      answerCall = answer;
    },
    sessions: () => sessions.size,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function requestOf(incoming: IncomingMessage): Promise<SeenRequest> {
  const { method = '', url = '', headers } = incoming;
  return { method, path: url, headers, body: (await incoming.toArray()).join('') };
}

interface McpRequest {
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  readonly request: SeenRequest;
  readonly sessions: Map<string, StreamableHTTPServerTransport>;
  readonly addTools: (server: Server) => void;
}

async function serveMcp({ incoming, response, request, sessions, addTools }: McpRequest): Promise<void> {
  const body = request.body === '' ? undefined : JSON.parse(request.body);
  const id = request.headers['mcp-session-id'];
  const known = typeof id === 'string' ? sessions.get(id) : undefined;
  if (known) return known.handleRequest(incoming, response, body);
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: () => `session-${sessions.size + 1}`,
    onsessioninitialized: (made) => void sessions.set(made, transport),
    onsessionclosed: (closed) => void sessions.delete(closed),
  });
  const server = new Server({ name: 'office', version: '1' }, { capabilities: { tools: {} } });
  addTools(server);
  await server.connect(transport as Parameters<typeof server.connect>[0]);
  await transport.handleRequest(incoming, response, body);
}
