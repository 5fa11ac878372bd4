// A receiver of events over HTTP that answers as REST proxies of Kafka do, and keeps what it took.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** An event as it was taken. */
export interface TakenEvent {
  readonly topic: string;
  readonly key: string;
  readonly value: { readonly id: string; readonly type: string; readonly entity_id: string } & {
    readonly data: Readonly<Record<string, unknown>>;
  };
}

/** The running receiver. */
export interface TestReceiver {
  readonly url: string;
  events(): readonly TakenEvent[];
  ids(): readonly string[];
  requests(): number;
  authorizations(): ReadonlySet<string | undefined>;
  /** The status of every answer from now on. */
  answerWith(status: number): void;
  /** Requests to the topic of tasks whose text this holds for are refused with 422. */
  refuse(isBad: (text: string) => boolean): void;
  /** Resolves once the condition holds, which is looked at after each request. */
  until(condition: () => boolean): Promise<void>;
  close(): Promise<void>;
}

/** Starts it. */
export async function startReceiver(): Promise<TestReceiver> {
  const events: TakenEvent[] = [];
  const authorizations = new Set<string | undefined>();
  const looks = new Set<() => void>();
  let [status, requests, isBad] = [200, 0, (_text: string) => false];
  const server = createServer(async (request, response) => {
    const body = (await json(request)) as { readonly records: readonly Omit<TakenEvent, 'topic'>[] };
    const topic = (request.url ?? '').replace('/base/topics/', '');
    requests += 1;
    authorizations.add(request.headers.authorization);
    const isRefused = topic.endsWith('.task') && isBad(JSON.stringify(body));
    const answered = isRefused ? 422 : status;
    if (answered === 200) events.push(...body.records.map((record) => ({ ...record, topic })));
    const answer =
      answered === 200
        ? {
            offsets: body.records.map((_, offset) => ({
              partition: 0,
              offset,
              error_code: null,
              error: null,
            })),
          }
        : { error_code: answered, message: 'No' };
    response
      .writeHead(answered, { 'content-type': 'application/vnd.kafka.v2+json' })
      .end(JSON.stringify(answer));
    for (const look of [...looks]) look();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/base/`,
    events: () => events,
    ids: () => events.map(({ value }) => value.id),
    requests: () => requests,
    authorizations: () => authorizations,
    answerWith: (next) => {
      status = next;
    },
    refuse: (next) => {
      isBad = next;
    },
    until: (condition) =>
      new Promise((resolve) => {
        const look = () => {
          if (!condition()) return;
          looks.delete(look);
          resolve();
        };
        looks.add(look);
        look();
      }),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
