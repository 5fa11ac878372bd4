// Tells a test what was committed to a database, whichever process wrote it, so that it can wait for an event and not for a time.
import pg from 'pg';

/** Something that was committed. */
export interface Notice {
  readonly executionId: string;
  /** `recorded`, `owned` when an execution changed hands, `parked` when nobody owns it any more, else the type of a journal event. */
  readonly what: string;
  /** Node of a journal event about a task. */
  readonly nodeId: string | null;
}

/** Listens from its opening on. */
export interface JournalWatch {
  /** Resolves with the first notice that fits, be it an earlier one. */
  until(fits: (notice: Notice) => boolean): Promise<Notice>;
  /** Resolves once this happened to the execution. */
  seen(execution: { readonly id: string }, what: string, nodeId?: string): Promise<Notice>;
  close(): Promise<void>;
}

const tell = `
  create function public.tell_event() returns trigger language plpgsql as $$
  declare
    event text[];
  begin
    for event in select regexp_matches(new.payload, '"type":"([a-z_]+)"(?:,"nodeId":"([a-z_0-9]+)")?', 'g') loop
      perform pg_notify('journal', json_build_object('executionId', new.execution_id, 'what', event[1], 'nodeId', event[2])::text);
    end loop;
    return null;
  end $$;
  create function public.tell_execution() returns trigger language plpgsql as $$ begin
    perform pg_notify('journal', json_build_object('executionId', new.id, 'what', tg_argv[0])::text);
    return null;
  end $$;
  create trigger tell after insert on orchestrator.execution_events for each row execute function public.tell_event();
  create trigger tell_insert after insert on orchestrator.executions for each row execute function public.tell_execution('recorded');
  create trigger tell_owner after update of owner_id on orchestrator.executions for each row
    when (new.owner_id is not null and old.owner_id is distinct from new.owner_id) execute function public.tell_execution('owned');
  create trigger tell_parked after update of owner_id on orchestrator.executions for each row
    when (new.owner_id is null and old.owner_id is not null) execute function public.tell_execution('parked');`;

/** Watches a prepared database; once for each. */
export async function watchJournal(adminUrl: string): Promise<JournalWatch> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  await client.query(tell);
  const notices: Notice[] = [];
  const waiting = new Set<(notice: Notice) => void>();
  client.on('notification', ({ payload = '' }) => {
    const notice = JSON.parse(payload) as Notice;
    notices.push(notice);
    for (const look of waiting) look(notice);
  });
  await client.query('listen journal');
  const until: JournalWatch['until'] = (fits) => {
    const past = notices.find(fits);
    if (past) return Promise.resolve(past);
    return new Promise((resolve) => {
      const look = (notice: Notice): void => {
        if (!fits(notice)) return;
        waiting.delete(look);
        resolve(notice);
      };
      waiting.add(look);
    });
  };
  return {
    until,
    seen: ({ id }, what, nodeId) =>
      until(
        (notice) =>
          notice.executionId === id &&
          notice.what === what &&
          (nodeId === undefined || notice.nodeId === nodeId),
      ),
    close: () => client.end(),
  };
}
