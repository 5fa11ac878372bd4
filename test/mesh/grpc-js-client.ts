// A plain @grpc/grpc-js client for any generated method, so that tests call servers as people with other tools do.
import {
  create,
  type DescMessage,
  type DescMethodBiDiStreaming,
  type DescMethodServerStreaming,
  type DescMethodUnary,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf';
import { Client, type ClientReadableStream, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';

/** How a call is made. */
export interface GrpcJsCall {
  /** Sent as `authorization: Bearer …`; absent sends none. */
  readonly token?: string;
  /** Time for the call, in milliseconds; absent sets no deadline. */
  readonly timeoutMs?: number;
}

/** A client of one server. Methods are generated ones, such as `SessionService.method.getSession`. Failures are grpc-js `ServiceError`s. */
export interface GrpcJsClient {
  unary<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageInitShape<I>,
    call?: GrpcJsCall,
  ): Promise<MessageShape<O>>;
  /** Cancel the stream to leave it early. */
  serverStream<I extends DescMessage, O extends DescMessage>(
    method: DescMethodServerStreaming<I, O>,
    request: MessageInitShape<I>,
    call?: GrpcJsCall,
  ): ClientReadableStream<MessageShape<O>>;
  /** Sends all requests, ends its side and answers what comes back. */
  exchange<I extends DescMessage, O extends DescMessage>(
    method: DescMethodBiDiStreaming<I, O>,
    requests: readonly MessageInitShape<I>[],
    call?: GrpcJsCall,
  ): Promise<MessageShape<O>[]>;
  close(): void;
}

/** A client with a connection of its own to `host:port`. */
export function createGrpcJsClient(address: string): GrpcJsClient {
  const client = new Client(address, credentials.createInsecure(), {
    'grpc.use_local_subchannel_pool': 1,
    'grpc.max_receive_message_length': -1,
  });
  return {
    unary(method, request, call) {
      const { path, write, read } = wireOf(method);
      return new Promise((resolve, reject) => {
        client.makeUnaryRequest(
          path,
          write,
          read,
          create(method.input, request),
          metadataOf(call),
          optionsOf(call),
          (error, answer) => (error || !answer ? reject(error) : resolve(answer)),
        );
      });
    },
    serverStream(method, request, call) {
      const { path, write, read } = wireOf(method);
      const message = create(method.input, request);
      return client.makeServerStreamRequest(path, write, read, message, metadataOf(call), optionsOf(call));
    },
    async exchange(method, requests, call) {
      const { path, write, read } = wireOf(method);
      const stream = client.makeBidiStreamRequest(path, write, read, metadataOf(call), optionsOf(call));
      for (const request of requests) stream.write(create(method.input, request));
      stream.end();
      return Array.fromAsync(stream);
    },
    close: () => client.close(),
  };
}

/** The sentence of a failure. Connect servers percent-encode reserved characters too, as the protocol allows; grpc-js leaves those as they came. */
export function sentenceOf(error: ServiceError): string {
  return decodeURIComponent(error.details);
}

interface DescCall<I extends DescMessage, O extends DescMessage> {
  readonly parent: { readonly typeName: string };
  readonly name: string;
  readonly input: I;
  readonly output: O;
}

function wireOf<I extends DescMessage, O extends DescMessage>({
  parent,
  name,
  input,
  output,
}: DescCall<I, O>) {
  return {
    path: `/${parent.typeName}/${name}`,
    write: (message: MessageShape<I>) => Buffer.from(toBinary(input, message)),
    read: (bytes: Buffer) => fromBinary(output, bytes),
  };
}

function metadataOf(call: GrpcJsCall = {}): Metadata {
  const metadata = new Metadata();
  if (call.token !== undefined) metadata.set('authorization', `Bearer ${call.token}`);
  return metadata;
}

function optionsOf(call: GrpcJsCall = {}) {
  return call.timeoutMs === undefined ? {} : { deadline: Date.now() + call.timeoutMs };
}
