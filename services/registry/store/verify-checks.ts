// The schema test: holds what a database holds against what it must hold, one check for each thing that can be wrong alone.
import type { MigrationFile } from '../../../foundation/postgres/migration-files.ts';
import { nextFile } from '../../../foundation/postgres/migration-records.ts';
import type { Catalog } from './verify-catalog.ts';
import {
  agentClassCheck,
  expectedColumns,
  expectedConstraints,
  expectedIndexes,
  expectedTriggers,
  furtherTables,
  postgisColumn,
  postgisIndex,
  touchFunction,
} from './verify-expected.ts';

/** `skipped` is what a server without PostGIS may leave out; it is not passed. */
export type CheckStatus = 'passed' | 'failed' | 'skipped';

/** One thing that was looked at. */
export interface SchemaCheck {
  /** What is looked at: `column`, `index` … */
  readonly kind: string;
  readonly name: string;
  readonly status: CheckStatus;
  /** What was found instead, or why it was skipped; empty for what passed. */
  readonly detail: string;
}

const withoutPostgis = 'needs PostGIS';

/** Every check, always the same ones in the same order. */
export function checkCatalog(catalog: Catalog, files: readonly MigrationFile[]): readonly SchemaCheck[] {
  return [
    ...checkServer(catalog, files),
    ...checkTables(catalog),
    ...checkColumns(catalog),
    ...checkDefinitions('index', expectedIndexes, catalog.indexes).map((check) =>
      check.name === postgisIndex ? excused(check, catalog) : check,
    ),
    ...checkDefinitions('trigger', expectedTriggers, catalog.triggers),
    ...checkDefinitions('constraint', expectedConstraints, catalog.constraints),
    checkAgentClasses(catalog),
    checkOne('function', touchFunction, { found: catalog.functions.get(touchFunction), wanted: 'trigger' }),
    ...checkRowSecurity(catalog),
  ];
}

function checkServer(catalog: Catalog, files: readonly MigrationFile[]): SchemaCheck[] {
  const { serverVersion, postgis, postgisAvailable } = catalog;
  const why = postgisAvailable
    ? 'available, but not installed in this database'
    : 'not available on this server';
  return [
    { kind: 'connection', name: `PostgreSQL ${serverVersion}`, status: 'passed', detail: '' },
    postgis === null
      ? { kind: 'extension', name: 'postgis', status: 'skipped', detail: why }
      : { kind: 'extension', name: 'postgis', status: 'passed', detail: '' },
    checkMigrations(catalog, files),
  ];
}

function checkMigrations({ migrations }: Catalog, files: readonly MigrationFile[]): SchemaCheck {
  const check = (problem: string): SchemaCheck => ({
    kind: 'migrations',
    name: files.at(-1)?.name ?? 'none',
    status: problem === '' ? 'passed' : 'failed',
    detail: problem,
  });
  try {
    const missing = nextFile(files, migrations, 'registry');
    return check(missing ? `${missing.name} was not applied` : '');
  } catch (error) {
    return check((error as Error).message); // only a mismatch is thrown
  }
}

function checkTables({ tables }: Catalog): SchemaCheck[] {
  const names = new Set(tables.map(({ name }) => name));
  return [...Object.keys(expectedColumns), ...furtherTables].map((name) =>
    checkOne('table', name, { found: names.has(name) ? 'table' : undefined, wanted: 'table' }),
  );
}

function checkColumns(catalog: Catalog): SchemaCheck[] {
  return Object.entries(expectedColumns).flatMap(([table, columns]) =>
    columns.map((column) => {
      const [field = '', ...definition] = column.split(' ');
      const name = `${table}.${field}`;
      // PostGIS may lie in any schema.
      const found = catalog.columns.get(name)?.replace(/^\S+\.(?=geography\b)/, '');
      const check = checkOne('column', name, { found, wanted: definition.join(' ') });
      return name === postgisColumn ? excused(check, catalog) : check;
    }),
  );
}

function checkDefinitions(
  kind: string,
  expected: Readonly<Record<string, string>>,
  found: ReadonlyMap<string, string>,
): SchemaCheck[] {
  return Object.entries(expected).map(([name, wanted]) =>
    checkOne(kind, name, { found: found.get(name), wanted }),
  );
}

/** Servers print the list of classes in ways of their own, so only the classes are compared. */
function checkAgentClasses({ constraints }: Catalog): SchemaCheck {
  const { name, classes } = agentClassCheck;
  const definition = constraints.get(name);
  const listed = [...(definition ?? '').matchAll(/'([^']*)'/g)].map(([, literal = '']) => literal).sort();
  const found = definition?.includes('agent_class') ? listed.join(', ') : undefined;
  return checkOne('check', name, { found, wanted: classes.join(', ') });
}

function checkRowSecurity({ tables, appRole }: Catalog): SchemaCheck[] {
  const names = [...Object.keys(expectedColumns), ...furtherTables];
  const others = tables.filter(({ name }) => name !== 'migrations' && !names.includes(name));
  const forced = new Map(tables.map((table) => [table.name, table.forced ? 'forced' : 'not forced']));
  const role = appRole === null ? undefined : appRole.join(', ') || 'no special rights';
  return [
    ...[...names, ...others.map(({ name }) => name)].map((name) =>
      checkOne('row-level security', name, { found: forced.get(name), wanted: 'forced' }),
    ),
    checkOne('role', 'registry_app', { found: role, wanted: 'no special rights' }),
  ];
}

interface Comparison {
  readonly found: string | undefined;
  readonly wanted: string;
}

function checkOne(kind: string, name: string, { found, wanted }: Comparison): SchemaCheck {
  if (found === wanted) return { kind, name, status: 'passed', detail: '' };
  const detail = found === undefined ? 'is missing' : `is "${found}", not "${wanted}"`;
  return { kind, name, status: 'failed', detail };
}

/** What PostGIS is needed for may be absent where PostGIS is. */
function excused(check: SchemaCheck, { postgis }: Catalog): SchemaCheck {
  const isLeftOut = check.status === 'failed' && check.detail === 'is missing' && postgis === null;
  return isLeftOut ? { ...check, status: 'skipped', detail: withoutPostgis } : check;
}
