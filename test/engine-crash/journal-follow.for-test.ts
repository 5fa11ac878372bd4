// Waits for what executions come to, whichever process writes it: told by the database of every commit, it looks at rows and journals themselves.
import pg from 'pg';
import type { StoredExecution } from '../../services/orchestrator/core/execution-record.ts';
import type { JournalEntry } from '../../services/orchestrator/core/journal-event.ts';
import type { ExecutionKey, ExecutionStore } from '../../services/orchestrator/store/store.ts';

/** An execution at one moment. */
export interface SeenExecution {
  /** Undefined while it is not recorded. */
  readonly row: StoredExecution | undefined;
  readonly journal: readonly JournalEntry[];
}

/** Follows executions. */
export interface JournalFollow {
  read(key: ExecutionKey): Promise<SeenExecution>;
  /** Resolves with the execution once it fits; rejects when the connection is lost. */
  until(key: ExecutionKey, fits: (seen: SeenExecution) => boolean): Promise<SeenExecution>;
  close(): Promise<void>;
}

const tell = `
  create function public.tell_change() returns trigger language plpgsql as $$ begin
    perform pg_notify('changed', coalesce(to_jsonb(new) ->> 'execution_id', to_jsonb(new) ->> 'id'));
    return null;
  end $$;
  create trigger tell_change after insert on orchestrator.execution_events for each row execute function public.tell_change();
  create trigger tell_change after insert or update on orchestrator.executions for each row execute function public.tell_change();`;

/** Follows a prepared database; once for each. */
export async function followJournals(
  adminUrl: string,
  store: Pick<ExecutionStore, 'read' | 'readJournal'>,
): Promise<JournalFollow> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  await client.query(tell);
  const waiting = new Map<string, Set<() => void>>();
  client.on('notification', ({ payload = '' }) => {
    for (const look of waiting.get(payload) ?? []) look();
  });
  await client.query('listen changed');

  const read = async ({ tenantId, id }: ExecutionKey): Promise<SeenExecution> => {
    const [row, journal] = await Promise.all([store.read(tenantId, id), store.readJournal(tenantId, id)]);
    return { row, journal };
  };
  return {
    read,
    async until(key, fits) {
      for (;;) {
        const { promise: changed, resolve } = Promise.withResolvers<void>();
        const looks = waiting.get(key.id) ?? new Set();
        waiting.set(key.id, looks.add(resolve));
        const seen = await read(key);
        if (!fits(seen)) await changed;
        looks.delete(resolve);
        if (fits(seen)) return seen;
      }
    },
    close: () => client.end(),
  };
}

/** Whether an event of the type has been recorded, about the node if one is named. */
export function hasEvent(
  { journal }: SeenExecution,
  type: JournalEntry['event']['type'],
  nodeId?: string,
): boolean {
  return journal.some(
    ({ event }) =>
      event.type === type && (nodeId === undefined || ('nodeId' in event && event.nodeId === nodeId)),
  );
}
