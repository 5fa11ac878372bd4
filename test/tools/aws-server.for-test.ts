// A server on this machine in the place of AWS services: it speaks their wire protocols (REST with JSON, and JSON 1.1 by `X-Amz-Target`), does
// with each request what it is told, and notes what it was asked. It checks no signature.
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonObject, JsonValue } from '../../foundation/json/json.ts';

/** A request that came. */
export interface AwsRequest {
  /** Method and path, or the target of JSON 1.1. */
  readonly operation: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: JsonObject;
}

/** What is done with a request: an answer, an error as the services tell it, any text, or nothing. */
export type AwsBehaviour =
  | { readonly kind: 'answer'; readonly body: JsonValue }
  | { readonly kind: 'error'; readonly status: number; readonly name: string; readonly fields?: JsonObject }
  | { readonly kind: 'text'; readonly status: number; readonly text: string }
  | { readonly kind: 'cut' }
  | { readonly kind: 'hang' };

/** A running server. */
export interface AwsServer {
  readonly url: string;
  readonly seen: readonly AwsRequest[];
  /** What is done with the next requests, one after another; then each is met as the last of them. */
  meet(...behaviours: readonly AwsBehaviour[]): void;
  close(): Promise<void>;
}

/** Starts it. Every error repeats what was asked, as the real ones may. */
export async function startAwsServer(): Promise<AwsServer> {
  const seen: AwsRequest[] = [];
  let plan: readonly AwsBehaviour[] = [{ kind: 'hang' }];
  const server = createServer(async (incoming, response) => {
    const text = (await incoming.toArray()).join('');
    const { headers } = incoming;
    const operation = String(headers['x-amz-target'] ?? `${incoming.method} ${incoming.url}`);
    seen.push({ operation, headers, body: JSON.parse(text) });
    const [next = { kind: 'hang' as const }, ...rest] = plan;
    if (rest.length > 0) plan = rest;
    serve(next, { response, text, isRest: headers['x-amz-target'] === undefined });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    meet: (...behaviours) => {
      plan = behaviours;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Serving {
  readonly response: ServerResponse;
  /** What was asked. */
  readonly text: string;
  readonly isRest: boolean;
}

function serve(behaviour: AwsBehaviour, { response, text, isRest }: Serving): void {
  if (behaviour.kind === 'hang') return;
  const type = isRest ? 'application/json' : 'application/x-amz-json-1.1';
  const headers = { 'content-type': type, 'x-amzn-requestid': '00000000-0000-4000-8000-000000000000' };
  if (behaviour.kind === 'cut') {
    response.writeHead(200, { ...headers, 'content-length': '1000' }).write('{"Res');
    response.socket?.end();
  } else if (behaviour.kind === 'answer') {
    const priced = isRest ? { 'x-amz-geo-pricing-bucket': 'Core' } : {};
    response.writeHead(200, { ...headers, ...priced }).end(JSON.stringify(behaviour.body));
  } else if (behaviour.kind === 'text') {
    response.writeHead(behaviour.status, headers).end(behaviour.text);
  } else {
    const { status, name, fields } = behaviour;
    const said = { Message: `Not so: ${text}`, ...fields };
    const named = isRest ? { 'x-amzn-errortype': `${name}:http://internal.amazon.com/coral/` } : {};
    response.writeHead(status, { ...headers, ...named });
    response.end(JSON.stringify(isRest ? said : { __type: name, ...said }));
  }
}
