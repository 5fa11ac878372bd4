// What the work of a transaction is given: statements and savepoints, in their order, until the transaction ends.
import type { Connection } from './connection.ts';
import type { SqlClient } from './statement.ts';

/** How deep savepoints may nest; deeper is a recursion that lost its end. */
export const savepointsMax = 20;

/** Runs statements inside one transaction. */
export interface TransactionClient extends SqlClient {
  /**
   * Runs the work under a savepoint: when it throws, what it did is undone, the error is passed on, and the transaction can go
   * on. The work uses the client that it is given; this one refuses statements meanwhile, since they would be undone too.
   */
  savepoint<T>(work: Work<T>): Promise<T>;
}

/** The work of a transaction. It may run more than once, so it does nothing but ask the database. */
export type Work<T> = (client: TransactionClient) => Promise<T>;

/** A client and how to end it: afterwards it refuses statements, which would otherwise run outside its transaction. */
export interface EndableClient {
  readonly client: TransactionClient;
  readonly close: () => void;
}

/** The client of a transaction on this connection. */
export function clientUntilEnd(connection: Connection): EndableClient {
  let ended = false;
  const close = (): void => {
    ended = true;
  };
  return { client: createClient({ connection, hasEnded: () => ended, depth: 0 }), close };
}

/** What the clients of one transaction are made from. `hasEnded` is true once nothing may be sent any more. */
interface Scope {
  readonly connection: Connection;
  readonly hasEnded: () => boolean;
  /** Savepoints around it. */
  readonly depth: number;
}

/** A client of a read, and what it has sent so far. */
export interface EndableReader extends EndableClient {
  /** Resolves when all that was sent has been answered. */
  readonly answered: () => Promise<unknown>;
}

/** The client of a read under this tenant (a UUID). Each statement stands by itself, so what a savepoint protects from needs no protection. */
export function readerUntilEnd(connection: Connection, tenantId: string): EndableReader {
  let ended = false;
  const sent: Promise<unknown>[] = [];
  const client: TransactionClient = {
    query: async (statement) => {
      if (ended) throw new Error(`${statement.name} came after the end of its read`);
      const answer = connection.read<never>(tenantId, statement);
      sent.push(answer);
      return answer;
    },
    savepoint: (work) => work(client),
  };
  const close = (): void => {
    ended = true;
  };
  return { client, close, answered: () => Promise.allSettled(sent) };
}

function createClient(scope: Scope): TransactionClient {
  let nested = false;
  const check = (what: string): void => {
    if (scope.hasEnded()) throw new Error(`${what} came after the end of its transaction`);
    if (nested) throw new Error(`${what} must use the client of the savepoint that is open`);
  };
  return {
    query: async (statement) => {
      check(statement.name);
      return scope.connection.query(statement);
    },
    savepoint: async (work) => {
      check('A savepoint');
      if (scope.depth === savepointsMax) throw new RangeError(`More than ${savepointsMax} nested savepoints`);
      nested = true;
      try {
        return await underSavepoint({ ...scope, depth: scope.depth + 1 }, work);
      } finally {
        nested = false;
      }
    },
  };
}

async function underSavepoint<T>(scope: Scope, work: Work<T>): Promise<T> {
  let ended = false;
  const send = async (command: string): Promise<void> => {
    // Work that nobody waited for may outlive its transaction, whose connection then serves someone else.
    if (scope.hasEnded())
      throw new Error(`A savepoint outlived its transaction, which ${command} would change`);
    await scope.connection.command(`${command} nested_${scope.depth}`);
  };
  await send('savepoint');
  try {
    const value = await work(createClient({ ...scope, hasEnded: () => ended || scope.hasEnded() }));
    ended = true;
    await send('release savepoint'); // refused when the work hid the error of a statement
    return value;
  } catch (error) {
    ended = true;
    // Should this fail too, the transaction stays failed, and the first error is the one that tells why.
    await send('rollback to savepoint').catch(() => undefined);
    await send('release savepoint').catch(() => undefined);
    throw error;
  }
}
