// The numbered SQL files of a migrations directory: reads them, checks their numbering, fills in variables. It runs nothing.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const migrationsMax = 9_999;

/** One `0001_name.sql`. */
export interface MigrationFile {
  readonly number: number;
  /** The file's name with its ending. */
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file as it lies on disk, in hex: variables do not change it. */
  readonly checksum: string;
  /**
   * The oldest code that lives with what this migration leaves, by the number of its newest migration. 0, so any, unless the file has a line
   * such as `-- contract: 0007`: it takes away what only code without 0007 still uses.
   */
  readonly needs: number;
}

/** The files of a directory in order. Throws when a name is not `0001_name.sql`, or the numbers are not 1, 2, 3 … */
export async function readMigrationFiles(directory: string): Promise<readonly MigrationFile[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.sql')).sort();
  if (names.length > migrationsMax)
    throw new Error(`${directory} holds more than ${migrationsMax} migrations`);
  return Promise.all(names.map((name, at) => readMigrationFile(directory, name, at + 1)));
}

async function readMigrationFile(directory: string, name: string, number: number): Promise<MigrationFile> {
  const digits = /^(\d{4})_[a-z0-9_]+\.sql$/.exec(name)?.[1];
  if (Number(digits) !== number) {
    throw new Error(`${join(directory, name)} should be ${String(number).padStart(4, '0')}_<name>.sql`);
  }
  const sql = await readFile(join(directory, name), 'utf8');
  const checksum = createHash('sha256').update(sql).digest('hex');
  return { number, name, sql, checksum, needs: needsOf(join(directory, name), number, sql) };
}

function needsOf(path: string, number: number, sql: string): number {
  const [line, digits] = /^-- contract:\s*(.*)$/m.exec(sql) ?? [];
  if (line === undefined) return 0;
  const needs = /^\d{4}$/.test(digits ?? '') ? Number(digits) : Number.NaN;
  if (needs >= 1 && needs <= number) return needs;
  throw new Error(
    `${path}: "${line}" should name a migration up to its own, such as ${String(number).padStart(4, '0')}`,
  );
}

/** Values for `{{name}}` in migrations: plain identifiers only, so that they can stand anywhere in SQL. */
export type MigrationVariables = Readonly<Record<string, string>>;

/** The file's SQL with every variable filled in. Throws for a variable without a value or with one that is no identifier. */
export function fillIn(file: MigrationFile, variables: MigrationVariables): string {
  return file.sql.replaceAll(/\{\{(\w+)\}\}/g, (_whole, variable: string) => {
    const value = variables[variable];
    if (value === undefined || !/^[a-z_][a-z0-9_]*$/.test(value)) {
      throw new Error(`${file.name}: the variable ${variable} must be a lower-case identifier`);
    }
    return value;
  });
}
