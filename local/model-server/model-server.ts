// A server on this machine that speaks the wire formats of model providers and does with each call what it is told, for tests: it answers,
// breaks off, refuses, or says nothing. It counts the calls and tokens that it really served. It is no model.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { anthropicFormat } from './anthropic-format.ts';
import { type Behaviour, countWords, piecesOf, type ServedCall, type WireFormat } from './behaviour.ts';
import { openAiFormat } from './openai-format.ts';
import type { AnswerFormat, Written } from './wire-format.ts';

/** A running server. */
export interface ModelServer {
  /** Base URL of OpenAI's format. */
  readonly openAiUrl: string;
  /** Base URL of Anthropic's format. */
  readonly anthropicUrl: string;
  /** Every call, in order. */
  readonly calls: readonly ServedCall[];
  /** What is done with the next calls, one after another; then each call is met as the last of them. */
  meet(...behaviours: readonly Behaviour[]): void;
  /** The call with this number, from 0, once it has come. */
  called(at: number): Promise<ServedCall>;
  /** Ends every connection and stops listening. */
  close(): Promise<void>;
}

const paths: Readonly<Record<string, WireFormat>> = {
  '/openai/chat/completions': 'openai',
  '/anthropic/messages': 'anthropic',
};
const formats: Readonly<Record<WireFormat, AnswerFormat>> = {
  openai: openAiFormat,
  anthropic: anthropicFormat,
};

/** Starts a server that answers `{}` to every call until it is told otherwise. Close it. */
export async function startModelServer(): Promise<ModelServer> {
  const calls: ServedCall[] = [];
  const waiting: (() => void)[] = [];
  let plan: readonly Behaviour[] = [{ kind: 'answer', text: '{}' }];
  const take = (): Behaviour => {
    const [next = { kind: 'hang' as const }, ...rest] = plan;
    if (rest.length > 0) plan = rest;
    return next;
  };
  const server = createServer(async (request, response) => {
    const call = await readCall(request, response, take);
    if (!call) return void response.writeHead(404).end();
    calls.push(call);
    for (const wake of waiting.splice(0)) wake();
    await serve(call, response);
  });
  const url = await listen(server);
  return {
    ...{ openAiUrl: `${url}/openai`, anthropicUrl: `${url}/anthropic`, calls },
    meet: (...behaviours) => {
      plan = behaviours;
    },
    called: async (at) => {
      for (;;) {
        const call = calls[at];
        if (call) return call;
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function readCall(
  request: IncomingMessage,
  response: ServerResponse,
  take: () => Behaviour,
): Promise<ServedCall | undefined> {
  const format = paths[request.url ?? ''];
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  if (!format) return undefined;
  const text = Buffer.concat(chunks).toString();
  const { promise: gone, resolve } = Promise.withResolvers<'ended' | 'left'>();
  response.on('close', () => resolve(response.writableFinished ? 'ended' : 'left'));
  const key = request.headers[format === 'openai' ? 'authorization' : 'x-api-key'];
  const tokens = { input: countWords(text), output: 0 };
  return { format, body: JSON.parse(text), key: String(key ?? ''), behaviour: take(), tokens, gone };
}

async function serve(call: ServedCall, response: ServerResponse): Promise<void> {
  const { behaviour, tokens } = call;
  const format = formats[call.format];
  if (behaviour.kind === 'hang') return;
  if (behaviour.kind === 'status') {
    const { status, headers = {} } = behaviour;
    Object.assign(tokens, { input: 0 });
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(format.error(status)));
    return;
  }
  const pieces = textOf(behaviour);
  tokens.output = countWords(pieces.join(''));
  const written = writtenOf(call, pieces);
  if (call.body.stream === true) return stream(response, { format, written, behaviour });
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(format.whole(written)));
}

type Answering = Exclude<Behaviour, { kind: 'hang' | 'status' }>;

function textOf(behaviour: Answering): readonly string[] {
  if (behaviour.kind === 'paced') return behaviour.pieces;
  return piecesOf(behaviour.text ?? '');
}

function writtenOf({ behaviour, body, tokens }: ServedCall, text: readonly string[]): Written {
  const tools = behaviour.kind === 'tools' ? behaviour.calls : [];
  const cut = behaviour.kind === 'answer' ? (behaviour.stop ?? 'end') : 'end';
  const stop = behaviour.kind === 'tools' ? 'tools' : behaviour.kind === 'refusal' ? 'refusal' : cut;
  const tellsUsage = !(behaviour.kind === 'answer' && behaviour.told === 'no usage');
  const counted = { inputTokens: tokens.input, outputTokens: tokens.output, tellsUsage };
  const offered = Array.isArray(body.tools) ? body.tools : [];
  const inJsonTool = behaviour.kind !== 'tools' && offered.some(({ name }) => name === 'json');
  return { model: String(body.model), text, tools, stop, inJsonTool, ...counted };
}

interface Streaming {
  readonly format: AnswerFormat;
  readonly written: Written;
  readonly behaviour: Answering;
}

async function stream(response: ServerResponse, { format, written, behaviour }: Streaming): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const event of format.begin(written)) response.write(event);
  for (const [at, text] of written.text.entries()) {
    if (behaviour.kind === 'paced') await behaviour.turn(at);
    response.write(format.piece(text, written));
  }
  if (behaviour.kind === 'cut') {
    // What was written leaves first; the end of the body never comes.
    response.socket?.end();
    return;
  }
  for (const event of format.end(written)) response.write(event);
  response.end();
}
