// Every method of every service of the mesh, found in the generated descriptors, and calls to them past the gateway.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type DescMethod, type DescService, type Message, toJsonString } from '@bufbuild/protobuf';
import { type CallOptions, Code, ConnectError, createClient } from '@connectrpc/connect';
import { createGrpcTransport, Http2SessionManager } from '@connectrpc/connect-node';
import type { ServiceName } from '../../local/mesh/service-names.ts';
import type { Mesh } from '../../local/mesh.ts';

const generated = join(import.meta.dirname, '..', '..', 'proto', 'gen', 'domainflow');
/** How long a stream is read after its first message, in milliseconds. */
const streamMs = 200;
const textOfBytes = new TextDecoder('latin1');

/** What a call was answered with. */
export interface RpcAnswer {
  /** The name of its code; `Ok` for an answer, `Open` for a stream that went on after its beginning and was left. */
  readonly code: string;
  /** Everything that was told: messages, sentence, details, headers and trailers. */
  readonly told: string;
}

/** How a call is made. */
export interface RpcCaller {
  /** Absent sends none. */
  readonly token?: string;
  /** Absent sets no deadline. */
  readonly timeoutMs?: number;
}

/** Calls methods of a mesh. */
export interface RpcClient {
  call(method: DescMethod, request: Message, caller: RpcCaller): Promise<RpcAnswer>;
  close(): void;
}

/** Every method of the product's services, in the order of their files. */
export async function everyMethod(): Promise<readonly DescMethod[]> {
  const files = (await readdir(generated, { recursive: true })).filter((file) => file.endsWith('_pb.js'));
  const modules = files.toSorted().map((file) => import(join(generated, file)));
  const found = (await Promise.all(modules)).flatMap((module) => Object.values(module));
  // What the gateway serves from outside is no part of the mesh.
  const ofMesh = found
    .filter(isService)
    .filter(({ typeName }) => !typeName.startsWith('domainflow.workers.'));
  return ofMesh.flatMap(({ methods }) => methods);
}

function isService(value: unknown): value is DescService {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'service';
}

/** `Service.Method`. */
export function nameOf({ parent, name }: DescMethod): string {
  return `${parent.typeName.replace('domainflow.', '')}.${name}`;
}

/** A client of all services of the mesh, over their real ports. */
export function createRpcClient({ addresses }: Mesh): RpcClient {
  const sessions: Http2SessionManager[] = [];
  const transports = new Map<ServiceName, ReturnType<typeof createGrpcTransport>>();
  for (const [name, address] of Object.entries(addresses)) {
    const baseUrl = `http://${address}`;
    const sessionManager = new Http2SessionManager(baseUrl);
    sessions.push(sessionManager);
    transports.set(name as ServiceName, createGrpcTransport({ baseUrl, sessionManager }));
  }
  return {
    call: async (method, request, { token, timeoutMs }) => {
      const [, noun = ''] = method.parent.typeName.split('.');
      const service = noun === 'common' ? 'registry' : noun; // what is common is asked of the registry
      const transport = transports.get(service as ServiceName);
      if (!transport) throw new Error(`No service of the mesh is called ${service}`);
      const client = createClient(method.parent, transport) as Record<string, unknown>;
      const heads: string[] = [];
      const note = (headers: Headers) => void heads.push(textOf(headers));
      const options: CallOptions = {
        ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
        ...{ onHeader: note, onTrailer: note },
      };
      const invoke = client[method.localName] as Invocation;
      const { code, told } = await answerTo(method, (signal) => invoke(request, { ...options, signal }));
      return { code, told: [told, ...heads].join('\n') };
    },
    close: () => sessions.forEach((session) => void session.abort()),
  };
}

type Invocation = (request: Message, options: CallOptions) => Promise<Message> | AsyncIterable<Message>;

async function answerTo(
  method: DescMethod,
  invoke: (signal: AbortSignal) => ReturnType<Invocation>,
): Promise<RpcAnswer> {
  const told: string[] = [];
  const leaving = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  try {
    const answer = invoke(leaving.signal);
    const messages = Symbol.asyncIterator in answer ? answer : [await answer];
    for await (const message of messages) {
      told.push(toJsonString(method.output, message));
      timer ??= setTimeout(() => leaving.abort(), streamMs);
    }
    return { code: 'Ok', told: told.join('\n') };
  } catch (error) {
    if (leaving.signal.aborted) return { code: 'Open', told: told.join('\n') };
    const { code, rawMessage, details, metadata } = ConnectError.from(error);
    told.push(rawMessage, textOf(metadata), ...details.map(detailText));
    return { code: Code[code] ?? String(code), told: told.join('\n') };
  } finally {
    clearTimeout(timer);
  }
}

// Details are told apart, decoded.
function textOf(headers: Headers): string {
  return JSON.stringify([...headers].filter(([name]) => name !== 'grpc-status-details-bin'));
}

function detailText(detail: ConnectError['details'][number]): string {
  return 'value' in detail && detail.value instanceof Uint8Array ? textOfBytes.decode(detail.value) : '';
}
