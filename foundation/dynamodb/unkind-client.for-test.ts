// Makes a document client behave as AWS may and an emulator never does, for tests of stores: indexes lag, requests are throttled, answers
// are lost, batches and pages come short. It tells keys apart by the attribute `pk`, and it sees the writes of its own clients alone.
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../clock.ts';

/** Says of a command, by the driver's own name such as `PutItemCommand` or `QueryCommand`, and a table whether it is met. */
export type Chosen = (command: string, table: string) => boolean;

/** How the client misbehaves. Absent means not at all. */
export interface Unkindness {
  /** Index queries do not show these keys yet. */
  readonly hiddenKeys?: ReadonlySet<string>;
  /** Index queries do not show what was written a moment ago. One object may serve several clients. */
  readonly youngWrites?: YoungWrites;
  /** Called before each command; a promise holds it up, an error fails it. */
  readonly before?: (command: string, table: string) => Promise<void> | undefined;
  /** True makes a command fail as throttled, without having been done. */
  readonly throttles?: Chosen;
  /** True makes a command fail after it was done, as when its answer is lost. */
  readonly losesAnswer?: Chosen;
  /** True does a command twice and answers the second time's answer, as when the driver repeats what it had no answer to. */
  readonly sendsTwice?: Chosen;
  /** Batches do at most so many of their items and leave the others unprocessed; with 0 they are never even sent. */
  readonly batchMax?: number;
  /** Queries answer at most so many items at a time. */
  readonly pageMax?: number;
}

/** Which keys were written a moment ago. */
export interface YoungWrites {
  /** Notes that a key of a table was written now. */
  note(table: string, key: string): void;
  /** Whether indexes do not show the newest write of the key yet. */
  isYoung(table: string, key: string): boolean;
}

/** Writes count as young for `hiddenMs` by the clock. */
export function createYoungWrites({ clock, hiddenMs }: { clock: Clock; hiddenMs: number }): YoungWrites {
  const writtenAtMs = new Map<string, number>();
  return {
    note: (table, key) => void writtenAtMs.set(`${table}/${key}`, clock()),
    isYoung: (table, key) => clock() - (writtenAtMs.get(`${table}/${key}`) ?? -Infinity) < hiddenMs,
  };
}

const batchGet = 'BatchGetItemCommand';

interface Keyed {
  readonly pk?: string;
}

interface Input {
  readonly TableName?: string;
  readonly IndexName?: string;
  readonly Limit?: number;
  readonly Item?: Keyed;
  readonly Key?: Keyed;
  readonly RequestItems?: Readonly<Record<string, unknown>>;
}

interface Answer {
  Items?: Keyed[];
  UnprocessedKeys?: Readonly<Record<string, unknown>>;
  UnprocessedItems?: Readonly<Record<string, unknown>>;
}

interface WriteRequest {
  readonly PutRequest?: { readonly Item: Keyed };
  readonly DeleteRequest?: { readonly Key: Keyed };
}

/** Applies the unkindness to every command of a client from now on. */
export function makeUnkind(client: DynamoDBDocumentClient, unkindness: Unkindness): void {
  client.middlewareStack.add(
    (next, { commandName: command = '' }) =>
      async (args) => {
        const sent = args.input as Input;
        const table = sent.TableName ?? Object.keys(sent.RequestItems ?? {})[0] ?? '';
        await unkindness.before?.(command, table);
        if (unkindness.throttles?.(command, table)) throw throttled();
        if (sent.RequestItems && unkindness.batchMax === 0) {
          const left = command === batchGet ? 'UnprocessedKeys' : 'UnprocessedItems';
          return { output: { $metadata: {}, [left]: sent.RequestItems } as never, response: {} };
        }
        const { input, left } = shorten(sent, command, unkindness);
        const short = { ...args, input: input as typeof args.input };
        const send = async () => {
          const result = await next(short);
          noteWrites(input, command, unkindness);
          return result;
        };
        if (unkindness.sendsTwice?.(command, table)) await send().catch(() => undefined);
        const result = await send();
        if (unkindness.losesAnswer?.(command, table)) throw unanswered();
        completeAnswer(result.output as Answer, { sent, left, command }, unkindness);
        return result;
      },
    { step: 'initialize', name: 'unkindness', priority: 'low' },
  );
}

// Both as the driver throws them: whoever makes Faults of errors does so with these too.
function throttled(): Error {
  const name = 'ProvisionedThroughputExceededException';
  return Object.assign(new Error('The request was throttled'), { name, $metadata: { httpStatusCode: 400 } });
}

function unanswered(): Error {
  return Object.assign(new Error('The answer was lost'), { name: 'TimeoutError', $metadata: {} });
}

interface Shortened {
  readonly input: Input;
  /** What was cut off a batch, by table, in the form of the batch. */
  readonly left: Readonly<Record<string, unknown>>;
}

function shorten(sent: Input, command: string, { batchMax, pageMax }: Unkindness): Shortened {
  if (command === 'QueryCommand' && pageMax !== undefined)
    return { input: { ...sent, Limit: Math.min(sent.Limit ?? pageMax, pageMax) }, left: {} };
  if (!sent.RequestItems || batchMax === undefined) return { input: sent, left: {} };
  const [done, left]: Record<string, unknown>[] = [{}, {}];
  let room = batchMax;
  for (const [table, request] of Object.entries(sent.RequestItems)) {
    const isGet = command === batchGet;
    const all = isGet ? (request as { Keys: unknown[] }).Keys : (request as unknown[]);
    const part = (some: unknown[]) => (isGet ? { ...(request as object), Keys: some } : some);
    if (room > 0) Object.assign(done ?? {}, { [table]: part(all.slice(0, room)) });
    if (all.length > room) Object.assign(left ?? {}, { [table]: part(all.slice(room)) });
    room = Math.max(0, room - all.length);
  }
  return { input: { ...sent, RequestItems: done ?? {} }, left: left ?? {} };
}

function noteWrites(input: Input, command: string, { youngWrites }: Unkindness): void {
  if (!youngWrites || !/^(Put|Update|Delete|BatchWrite)/.test(command)) return;
  const note = (table: string, key: Keyed | undefined): void => {
    if (key?.pk !== undefined) youngWrites.note(table, key.pk);
  };
  note(input.TableName ?? '', input.Item ?? input.Key);
  for (const [table, requests] of Object.entries(input.RequestItems ?? {})) {
    for (const { PutRequest, DeleteRequest } of requests as WriteRequest[])
      note(table, PutRequest?.Item ?? DeleteRequest?.Key);
  }
}

interface Sending {
  readonly sent: Input;
  readonly left: Shortened['left'];
  readonly command: string;
}

function completeAnswer(answer: Answer, { sent, left, command }: Sending, unkindness: Unkindness): void {
  const { hiddenKeys, youngWrites } = unkindness;
  const isHidden = ({ pk = '' }: Keyed): boolean =>
    hiddenKeys?.has(pk) === true || youngWrites?.isYoung(sent.TableName ?? '', pk) === true;
  if (sent.IndexName && answer.Items) answer.Items = answer.Items.filter((item) => !isHidden(item));
  if (Object.keys(left).length === 0) return;
  // What the server itself left unprocessed is at most what was cut off: emulators do all that they are given.
  if (command === batchGet) answer.UnprocessedKeys = left;
  else answer.UnprocessedItems = left;
}
