// What a database says of its migrations, held against the files: the record table, and which file comes next. It changes nothing.
import type { MigrationFile } from './migration-files.ts';

/** A migration that was applied. */
export interface MigrationRecord {
  readonly number: number;
  readonly name: string;
  /** Of the file that was applied, as `MigrationFile` has it. */
  readonly checksum: string;
  /** As `MigrationFile` has it; it says what code that does not know the file has to know. */
  readonly needs: number;
}

/** A database whose migrations are not those of this code. The message names the schema and the migration. */
export class MigrationMismatch extends Error {
  override readonly name = 'MigrationMismatch';
}

/** Reads every `MigrationRecord` in order from a record table whose name is quoted, also from one that has no `needs` yet. */
export function selectRecords(recordTable: string): string {
  return `select number, name, checksum, coalesce((to_jsonb(r) ->> 'needs')::integer, 0) as needs
    from ${recordTable} r order by number limit 10000`;
}

/**
 * The first file that was not applied; undefined when all were. What a newer release has added is no hindrance, so that the one before can come
 * back. Throws MigrationMismatch for a record that differs from its file, and for one that this code is too old for.
 */
export function nextFile(
  files: readonly MigrationFile[],
  records: readonly MigrationRecord[],
  schema: string,
): MigrationFile | undefined {
  for (const [at, record] of records.entries()) {
    const file = files[at];
    if (!file) requireNewEnough(record, files.length, schema);
    else if (file.number !== record.number || file.checksum !== record.checksum) {
      throw new MigrationMismatch(
        `${schema}: ${file.name} is not the migration that was applied as number ${record.number}`,
      );
    }
  }
  return files[records.length];
}

function requireNewEnough({ name, needs }: MigrationRecord, known: number, schema: string): void {
  if (needs <= known) return;
  const [oldest, newest] = [needs, known].map((number) => String(number).padStart(4, '0'));
  throw new MigrationMismatch(
    `${schema} holds migration ${name}, which only code with migration ${oldest} lives with; this code ends at ${newest}`,
  );
}
