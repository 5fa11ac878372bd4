// Makes a document client behave as AWS may and the emulator never does: for tests of the store.
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { Fault } from '../../../foundation/fault/fault.ts';

/** How the client misbehaves. */
export interface Unkindness {
  /** Index queries do not show these keys yet. */
  readonly hiddenKeys?: ReadonlySet<string>;
  /** Called before each command; a promise holds it up. */
  readonly before?: (command: string, table: string) => Promise<void> | undefined;
  /** True makes a command fail after it was done, as when its answer is lost. */
  readonly losesAnswer?: (command: string, table: string) => boolean;
  /** Batches answer at most so many items and leave the others unprocessed. */
  readonly batchMax?: number;
}

interface SentQuery {
  readonly TableName?: string;
  readonly IndexName?: string;
}

interface SentBatch {
  RequestItems: Record<string, { Keys: unknown[] }>;
}

interface Answer {
  Items?: { pk?: string }[];
  UnprocessedKeys?: Record<string, { Keys: unknown[] }>;
}

/** Applies the unkindness to every command of a client from now on. */
export function makeUnkind(client: DynamoDBDocumentClient, unkindness: Unkindness): void {
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const { TableName = '', IndexName } = args.input as SentQuery;
        await unkindness.before?.(commandName, TableName);
        const left = commandName === 'BatchGetItemCommand' ? shorten(args.input, unkindness) : {};
        const result = await next(args);
        const answer = result.output as Answer;
        if (IndexName && answer.Items)
          answer.Items = answer.Items.filter((item) => !isHidden(item, unkindness));
        if (Object.keys(left).length > 0) answer.UnprocessedKeys = left;
        if (unkindness.losesAnswer?.(commandName, TableName))
          throw new Fault('unavailable', 'The answer was lost');
        return result;
      },
    { step: 'initialize', name: 'unkindness', priority: 'low' },
  );
}

function isHidden(item: { pk?: string }, { hiddenKeys }: Unkindness): boolean {
  return hiddenKeys?.has(item.pk ?? '') ?? false;
}

/** Cuts a batch and answers what was cut off. */
function shorten(input: object, { batchMax = 100 }: Unkindness): SentBatch['RequestItems'] {
  const left: SentBatch['RequestItems'] = {};
  for (const [table, request] of Object.entries((input as SentBatch).RequestItems)) {
    const Keys = request.Keys.slice(batchMax);
    if (Keys.length > 0) left[table] = { ...request, Keys };
    request.Keys = request.Keys.slice(0, batchMax);
  }
  return left;
}
