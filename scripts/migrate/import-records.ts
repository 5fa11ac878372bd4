// Imports records kind by kind: counts what was read, inserted, skipped and failed, and lists with reasons what could not be imported.
import { Fault } from '../../foundation/fault/fault.ts';
import { type LegacyKind, type LegacyRecord, legacyKinds, type UnreadableRecord } from './legacy-record.ts';

/** What became of the records of one kind. */
export interface ImportCounts {
  read: number;
  inserted: number;
  /** There before, or part of a workflow that brought them along. */
  skipped: number;
  failed: number;
}

/** What a record came to. */
export type Imported = 'inserted' | 'skipped';

/** Where records come from and go to. */
export interface ImportDeps {
  read(kind: LegacyKind): AsyncIterable<LegacyRecord | UnreadableRecord>;
  /** Throws Fault for a record that breaks rules; anything else ends the import. */
  insert(kind: LegacyKind, record: LegacyRecord): Promise<Imported>;
  /** Takes a line without its end. */
  complain(line: string): void;
}

/** Imports everything. Repeating it imports what failed or came since. */
export async function importRecords(deps: ImportDeps): Promise<Readonly<Record<LegacyKind, ImportCounts>>> {
  const none = (): ImportCounts => ({ read: 0, inserted: 0, skipped: 0, failed: 0 });
  const counts: Record<LegacyKind, ImportCounts> = { agents: none(), workflows: none(), tasks: none() };
  for (const kind of legacyKinds) {
    for await (const record of deps.read(kind)) {
      counts[kind].read += 1;
      const outcome = await importOne(deps, kind, record);
      counts[kind][outcome] += 1;
    }
  }
  return counts;
}

async function importOne(
  { insert, complain }: ImportDeps,
  kind: LegacyKind,
  record: LegacyRecord | UnreadableRecord,
): Promise<Imported | 'failed'> {
  const refused = (reason: string): 'failed' => {
    complain(`${kind} ${JSON.stringify(record.id)}: ${reason}`);
    return 'failed';
  };
  if ('problem' in record) return refused(record.problem);
  try {
    return await insert(kind, record);
  } catch (error) {
    if (!(error instanceof Fault) || !isOfRecord(error)) throw error;
    const reasons = error.violations.map(({ field, reason }) => `${field} ${reason}`);
    return refused(reasons.length === 0 ? error.message : reasons.join('; '));
  }
}

function isOfRecord({ reason }: Fault): boolean {
  return reason === 'invalid_argument' || reason === 'malformed' || reason === 'failed_precondition';
}
