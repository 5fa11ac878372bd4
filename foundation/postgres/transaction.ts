// Transactions: how they begin, carry the tenant, end, and when they are run again. Where connections come from is the pool's business.
import { setTimeout as sleep } from 'node:timers/promises';
import { isUuid } from '../ids/ids.ts';
import type { Connection } from './connection.ts';
import {
  asDatabaseFault,
  commitUnknown,
  isSerializationConflict,
  isUnavailability,
} from './database-fault.ts';
import { clientUntilEnd, readerUntilEnd, type Work } from './transaction-client.ts';

const retriesMax = 3;
const retryDelayMs = 10;

/** What kind of transaction to run. */
export type TransactionKind = WriteKind | ReadKind;

interface WriteKind {
  /** The UUID that `app.tenant` holds until the transaction ends; absent leaves it unset. */
  readonly tenantId?: string;
  readonly readOnly: false;
}

interface ReadKind {
  /** The UUID that `app.tenant` holds while a statement runs. */
  readonly tenantId: string;
  readonly readOnly: true;
}

type Attempt<T> = { readonly value: T } | { readonly error: unknown; readonly mayRetry: boolean };

/**
 * Runs the work in a transaction of its own: committed when it answers, rolled back when it throws. Serialization faults,
 * deadlocks and connections that break before the commit are tried again, up to 3 times, on a fresh connection.
 */
export async function runTransaction<T>(
  acquire: () => Promise<Connection>,
  kind: TransactionKind,
  work: Work<T>,
): Promise<T> {
  const { tenantId } = kind;
  if (tenantId !== undefined && !isUuid(tenantId)) throw new RangeError('A tenant id must be a UUID');
  for (let retries = 0; ; retries += 1) {
    const connection = await acquire();
    const attempt = await (kind.readOnly
      ? attemptRead(connection, kind.tenantId, work)
      : attemptWrite(connection, kind, work));
    if ('value' in attempt) return attempt.value;
    if (!attempt.mayRetry || retries === retriesMax) throw asDatabaseFault(attempt.error);
    await sleep(retryDelayMs * 2 ** retries * (0.5 + Math.random()));
  }
}

/** A write waits for its begin: were that refused, statements sent right behind it would commit one by one. */
async function attemptWrite<T>(
  connection: Connection,
  kind: TransactionKind,
  work: Work<T>,
): Promise<Attempt<T>> {
  const { client, close } = clientUntilEnd(connection);
  let committing = false;
  try {
    await begin(connection, kind);
    const value = await work(client);
    close();
    committing = true;
    await commit(connection);
    return { value };
  } catch (error) {
    close();
    const away = connection.isLost() || isUnavailability(error);
    if (away && committing) return { error: commitUnknown(error), mayRetry: false };
    if (!away) await end(connection, 'rollback');
    return { error, mayRetry: away || isSerializationConflict(error) };
  } finally {
    connection.release();
  }
}

/**
 * A read runs each statement by itself, in one round trip. Under read committed, which is what transactions here are, statements of one
 * transaction see no more of each other than that.
 */
async function attemptRead<T>(connection: Connection, tenantId: string, work: Work<T>): Promise<Attempt<T>> {
  const { client, close, answered } = readerUntilEnd(connection, tenantId);
  try {
    return { value: await work(client) };
  } catch (error) {
    const mayRetry = connection.isLost() || isUnavailability(error) || isSerializationConflict(error);
    return { error, mayRetry };
  } finally {
    close();
    void answered().then(connection.release);
  }
}

async function begin(connection: Connection, { tenantId }: TransactionKind): Promise<void> {
  const sent = [connection.command('begin')];
  if (tenantId !== undefined) {
    // The third argument makes it local to the transaction, so that it cannot outlive it on a pooled connection.
    sent.push(connection.command("select set_config('app.tenant', $1, true)", [tenantId]));
  }
  await Promise.all(sent);
}

async function commit(connection: Connection): Promise<void> {
  const { command } = await connection.command('commit');
  // The server turns the commit of a failed transaction into a rollback and reports success.
  if (command !== 'COMMIT') throw new Error('The work hid the error of a statement: nothing was committed');
}

/** An end that fails leaves its connection inside the transaction, and such a connection is closed at release. */
async function end(connection: Connection, command: 'commit' | 'rollback'): Promise<void> {
  await connection.command(command).catch(() => undefined);
}
