// A session with an MCP server over streamable HTTP, through the guard of outbound calls. It lists tools and calls them; what servers may ask
// of clients (models, files, people) it does not offer, and messages that nobody asked for it does not read.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { FetchLike, Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js';
import type { JsonSchemaValidator, jsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/types.js';
import { isJsonObject, type JsonValue as PlainJson } from '../../../foundation/json/json.ts';
import { jsonDepth } from '../../../foundation/json/json-depth.ts';
import { outboundFailureIn } from '../../../foundation/net/outbound-failed.ts';
import type { Outbound } from '../../../foundation/net/outbound-fetch.ts';
import type { JsonObject, JsonValue } from '../core/skill.ts';
import { ToolFailed } from './agent-tool.ts';
import { outboundToolFailure, toolAnswerBytesMax, toolCallMs } from './http-tool.ts';
import { jsonWithoutSecrets } from './secrets-in.ts';
import type { Proof } from './tool-credentials.ts';

/** The most tools of a server that are looked at. */
export const mcpToolsMax = 100;

const pagesMax = 10;
const closeMs = 2_000;
const sentenceMax = 500;

/** How deep a schema of arguments and an answer may be nested: what is deeper cannot be written as text. */
const depthMax = 32;

/** A tool as a server describes it. Nothing of it is to be trusted. */
export interface McpTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of its arguments. */
  readonly parameters: JsonObject;
}

/** A session. Close it. */
export interface McpSession {
  /** The server's tools, in its order, at most `mcpToolsMax`. */
  readonly tools: readonly McpTool[];
  /** What a tool answers: its structured content, or else its texts. ToolFailed when it says that it failed, or gives no answer. */
  call(name: string, given: JsonObject, signal: AbortSignal): Promise<JsonValue>;
  /** Tells the server that the session is over; rejects for nothing. */
  close(): Promise<void>;
}

/** A server, and what it is proved to. */
export interface McpServer {
  readonly toolName: string;
  readonly endpoint: string;
  readonly proof: Proof;
}

/** Opens a session and lists its tools; ToolFailed when there is no such server. The signal ends the opening alone. */
export async function openMcpSession(
  outbound: Outbound,
  server: McpServer,
  signal: AbortSignal,
): Promise<McpSession> {
  // Answers are taken as they are: schemas of somebody else are not compiled for checking them.
  const jsonSchemaValidator = acceptAll;
  const client = new Client({ name: 'domainflow', version: '1' }, { capabilities: {}, jsonSchemaValidator });
  const streams = createStreams();
  const transport = new StreamableHTTPClientTransport(new URL(server.endpoint), {
    fetch: guardedFetch(outbound, (error) => streams.end(error)),
    requestInit: { headers: { 'user-agent': 'DomainFlow', ...server.proof.headers } },
  });
  const close = async (): Promise<void> => {
    // A server that is gone needs not be told.
    await transport.terminateSession().catch(() => undefined);
    await client.close().catch(() => undefined);
  };
  const bounds = boundsOf(signal, streams);
  try {
    await client.connect(transport as Transport, bounds);
    const tools = await listTools(client, bounds);
    return {
      ...{ tools, close },
      call: (name, given, ends) => callTool({ client, server, streams }, { name, given, signal: ends }),
    };
  } catch (error) {
    await close();
    signal.throwIfAborted();
    throw failureOf(server, reasonOf(error, bounds));
  }
}

const acceptAll: jsonSchemaValidator = {
  getValidator<T>(): JsonSchemaValidator<T> {
    return (input) => ({ valid: true, data: input as T, errorMessage: undefined });
  },
};

/** The streams in which answers come. The SDK waits for an answer whose stream broke off; here it ends with the stream. */
interface Streams {
  /** Aborted with the error that the next stream breaks off with. */
  readonly signal: AbortSignal;
  end(error: unknown): void;
}

function createStreams(): Streams {
  let ending = new AbortController();
  return {
    get signal() {
      return ending.signal;
    },
    end: (error) => {
      const ended = ending;
      ending = new AbortController();
      ended.abort(error);
    },
  };
}

function boundsOf(signal: AbortSignal, streams: Streams): Bounds {
  return {
    signal: AbortSignal.any([signal, streams.signal]),
    timeout: toolCallMs,
    maxTotalTimeout: toolCallMs,
  };
}

/** What the SDK answers to requests of a server, such as pings, at most in one session: each is a call that the server makes us make. */
const repliesMax = 20;

/** The guard in the form in which the SDK calls the web. It opens no stream for messages that nobody asked for. */
function guardedFetch(outbound: Outbound, onBroken: (error: unknown) => void): FetchLike {
  let replies = 0;
  return async (url, { method = 'GET', headers, body, signal } = {}) => {
    if (method === 'GET') return new Response(null, { status: 405 });
    if (isReply(body)) replies += 1;
    if (replies > repliesMax && isReply(body)) return new Response(null, { status: 202 });
    const answer = await outbound.fetch(String(url), {
      method,
      headers: Object.fromEntries(new Headers(headers)),
      ...(typeof body === 'string' ? { body } : {}),
      ...(signal ? { signal } : {}),
      bodyBytesMax: toolAnswerBytesMax,
      timeoutMs: method === 'DELETE' ? closeMs : toolCallMs,
    });
    if (!answer.body) return answer;
    const { status, headers: said } = answer;
    return new Response(ReadableStream.from(watched(answer.body, onBroken)), { status, headers: said });
  };
}

/** True for a message of JSON-RPC that asks nothing and tells nothing by itself. */
function isReply(body: unknown): boolean {
  const message: unknown = typeof body === 'string' ? JSON.parse(body) : undefined;
  return isJsonObject(message) && !('method' in message);
}

async function* watched(body: AsyncIterable<Uint8Array>, onBroken: (error: unknown) => void) {
  try {
    yield* body;
  } catch (error) {
    onBroken(error);
    throw error;
  }
}

interface Bounds {
  readonly signal: AbortSignal;
  /** Milliseconds. */
  readonly timeout: number;
  readonly maxTotalTimeout: number;
}

async function listTools(client: Client, bounds: Bounds): Promise<McpTool[]> {
  const found: McpTool[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < pagesMax && found.length < mcpToolsMax; pages += 1) {
    const page = await client.listTools(cursor === undefined ? {} : { cursor }, bounds);
    for (const { name, description = '', inputSchema } of page.tools) {
      if (jsonDepth(inputSchema as PlainJson) > depthMax) continue;
      found.push({ name, description, parameters: inputSchema as JsonObject });
    }
    cursor = page.nextCursor;
    if (cursor === undefined) break;
  }
  return found.slice(0, mcpToolsMax);
}

interface McpCall {
  readonly name: string;
  readonly given: JsonObject;
  readonly signal: AbortSignal;
}

interface OpenSession {
  readonly client: Client;
  readonly server: McpServer;
  readonly streams: Streams;
}

async function callTool(
  { client, server, streams }: OpenSession,
  { name, given, signal }: McpCall,
): Promise<JsonValue> {
  const { toolName, proof } = server;
  const bounds = boundsOf(signal, streams);
  try {
    const asked = { name, arguments: { ...given } };
    const answer = (await client.callTool(asked, undefined, bounds)) as unknown as McpAnswer;
    const said = answeredValue(answer);
    if (jsonDepth(said as PlainJson) > depthMax) throw tooDeep(`${toolName}.${name}`);
    const value = jsonWithoutSecrets(said, proof.secrets);
    if (!answer.isError) return value;
    const words = (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, sentenceMax);
    throw new ToolFailed(`The tool ${toolName}.${name} failed: ${words}`, { isTransient: false });
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof ToolFailed ? error : failureOf(server, reasonOf(error, bounds));
  }
}

function tooDeep(name: string): ToolFailed {
  const message = `The answer of the tool ${name} is nested more than ${depthMax} deep`;
  return new ToolFailed(message, { isTransient: false });
}

/** The SDK passes on only the words of the reason why it was ended. */
function reasonOf(error: unknown, { signal }: Bounds): unknown {
  return signal.aborted ? signal.reason : error;
}

interface McpAnswer {
  readonly content?: readonly { readonly type: string; readonly text?: string; readonly mimeType?: string }[];
  readonly structuredContent?: JsonObject;
  readonly isError?: boolean;
}

/** Images and files are only named: a model cannot read them here. */
function answeredValue({ content = [], structuredContent }: McpAnswer): JsonValue {
  if (structuredContent) return structuredContent;
  const parts = content.map(
    ({ type, text, mimeType }) => text ?? `[${[type, mimeType].filter(Boolean).join(' ')}]`,
  );
  return parts.join('\n');
}

function failureOf({ toolName }: McpServer, error: unknown): ToolFailed {
  const outbound = outboundFailureIn(error);
  if (outbound) return outboundToolFailure(toolName, outbound);
  const isLate = error instanceof McpError && error.code === ErrorCode.RequestTimeout;
  const isRefusal = error instanceof McpError && !isLate;
  const said = isLate
    ? 'did not answer in time'
    : isRefusal
      ? 'refused the request'
      : 'does not answer as an MCP server';
  return new ToolFailed(`The MCP server ${toolName} ${said}`, { isTransient: !isRefusal, cause: error });
}
