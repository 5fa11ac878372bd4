// What a database says of its migrations, held against the files: the record table, and which file comes next. It changes nothing.
import type { MigrationFile } from './migration-files.ts';

/** A migration that was applied. */
export interface MigrationRecord {
  readonly number: number;
  readonly name: string;
  /** Of the file that was applied, as `MigrationFile` has it. */
  readonly checksum: string;
}

/** A database whose migrations are not those of this code. The message names the schema and the migration. */
export class MigrationMismatch extends Error {
  override readonly name = 'MigrationMismatch';
}

/** Reads every `MigrationRecord` in order from a record table whose name is quoted. */
export function selectRecords(recordTable: string): string {
  return `select number, name, checksum from ${recordTable} order by number limit 10000`;
}

/** The first file that was not applied; undefined when all were. Throws MigrationMismatch for a record that is newer than the files, or differs. */
export function nextFile(
  files: readonly MigrationFile[],
  records: readonly MigrationRecord[],
  schema: string,
): MigrationFile | undefined {
  for (const [at, record] of records.entries()) {
    const file = files[at];
    if (!file) {
      throw new MigrationMismatch(`${schema} holds migration ${record.name}, which is newer than this code`);
    }
    if (file.number !== record.number || file.checksum !== record.checksum) {
      throw new MigrationMismatch(
        `${schema}: ${file.name} is not the migration that was applied as number ${record.number}`,
      );
    }
  }
  return files[records.length];
}
