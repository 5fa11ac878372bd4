// A proxy in front of DynamoDB that asks about each write before it passes it on, and again before it passes the answer back.
import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WriteSteps } from './write-steps.for-test.ts';

const writes = new Set(['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'TransactWriteItems']);

const passing = { goesOn: true, step: undefined };

/** A running proxy. */
export interface DynamodbProxy {
  /** `http://127.0.0.1:<port>`. */
  readonly endpoint: string;
  close(): Promise<void>;
}

interface Passed {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** A proxy to the server of an endpoint. Writes are named `<operation> <table>`. */
export async function startDynamodbProxy(target: string, steps: WriteSteps): Promise<DynamodbProxy> {
  // A connection that is kept may be closed by the server in the moment in which it is used again.
  const agent = new Agent({ keepAlive: false });
  const server = createServer(async (asked, response) => {
    const body = Buffer.concat(await asked.toArray());
    const name = writeName(asked, body);
    const { goesOn, step } = name === undefined ? passing : steps.before({ name, bytes: body });
    if (!goesOn) return void asked.socket.destroy();
    const answer = await pass(new URL(target), asked, { body, agent });
    if (!steps.after(step)) return void asked.socket.destroy();
    response.writeHead(answer.status, answer.headers).end(answer.body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
      agent.destroy();
    },
  };
}

function writeName({ headers }: IncomingMessage, body: Buffer): string | undefined {
  const operation = String(headers['x-amz-target']).replace(/^.*\./, '');
  if (!writes.has(operation)) return undefined;
  const { TableName, RequestItems = {} } = JSON.parse(body.toString()) as {
    readonly TableName?: string;
    readonly RequestItems?: object;
  };
  return `${operation} ${TableName ?? Object.keys(RequestItems)}`;
}

async function pass(
  target: URL,
  { method, url, headers }: IncomingMessage,
  { body, agent }: { readonly body: Buffer; readonly agent: Agent },
): Promise<Passed> {
  const place = { host: target.hostname, port: target.port, path: url };
  const passed = request({ ...place, agent, method, headers });
  passed.end(body);
  const [answer] = (await once(passed, 'response')) as [IncomingMessage];
  return {
    status: answer.statusCode ?? 500,
    headers: answer.headers,
    body: Buffer.concat(await answer.toArray()),
  };
}
