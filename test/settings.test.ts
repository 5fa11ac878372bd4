// deploy/README.md is the only place where all settings stand together; here it is held against the code that reads them.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const houses = ['registry', 'reports', 'sessions', 'agents', 'orchestrator'].map(
  (name) => `services/${name}`,
);
const shared = ['foundation/config/service-config.ts', 'foundation/config/breaker-config.ts'];
/** Settings of databases, and the function by which a house reads them. Each template stands for a name with every prefix. */
const databaseFiles = ['foundation/config/database-config.ts', 'foundation/config/database-source.ts'];
const databases = [
  { reader: 'readDatabaseConfig(', paths: databaseFiles, prefix: '' },
  {
    reader: 'readReplicatedDatabase(',
    paths: [...databaseFiles, 'foundation/config/replica-source.ts'],
    prefix: '',
  },
  {
    reader: "readDatabaseSource(read, 'ENGINE_')",
    paths: ['foundation/config/database-source.ts'],
    prefix: 'ENGINE_',
  },
];
const inCode =
  /\b(?:text|integer|port|url|flag|list|networks|oneOf|json)(?:<[^>]*>)?\(\s*'([A-Z][A-Z_]+)'|readPrivateKey\(read, '([A-Z_]+)'/g;
/** Settings that may stand in a file instead: then `<name>_FILE` is one too. Private keys always may. */
const inFile =
  /\b(?:text|json)(?:<[^>]*>)?\(\s*'([A-Z][A-Z_]+)',\s*\{[^}]*\borFile: true|readPrivateKey\(read, '([A-Z_]+)'/g;
const inTemplate = /\b(?:text|integer|url)\(`\$\{prefix\}([A-Z_]+)`/g;

function read(path: string): string {
  return readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
}

function settingsOf(path: string): Set<string> {
  const names = (pattern: RegExp) =>
    [...read(path).matchAll(pattern)].map(([, plain, key]) => plain ?? key ?? '');
  return new Set([...names(inCode), ...names(inFile).map((name) => `${name}_FILE`)]);
}

/** The settings that a house reads, by itself and through what it shares with others. */
function settingsOfHouse(house: string): Set<string> {
  const path = `${house}/config.ts`;
  const shared = databases
    .filter(({ reader }) => read(path).includes(reader))
    .flatMap(({ paths, prefix }) => [
      ...paths.flatMap((it) => [...settingsOf(it)]),
      ...paths.flatMap((it) => [...read(it).matchAll(inTemplate)].map(([, name]) => `${prefix}${name}`)),
    ]);
  return new Set([...settingsOf(path), ...shared]);
}

function documented(): Map<string, string> {
  const rows = [...read('deploy/README.md').matchAll(/^\| `([A-Z_]+)` \| ([^|]+) \|/gm)];
  return new Map(rows.map(([, name = '', processes = '']) => [name, processes.trim()]));
}

function mayRead(processes: string, house: string): boolean {
  const name = house.split('/').at(-1) ?? '';
  return processes === 'all' || processes.includes(name) || (processes === 'services' && house !== 'gateway');
}

describe('the table of settings', () => {
  it('names every setting that a process reads, and the process', () => {
    const missing = [...houses, 'gateway'].flatMap((house) => {
      const table = documented();
      const settings = [...settingsOfHouse(house)];
      return settings
        .filter((name) => !mayRead(table.get(name) ?? '', house))
        .map((name) => `${house} reads ${name}`);
    });
    const missingShared = shared
      .flatMap((it) => [...settingsOf(it)])
      .filter((name) => !documented().has(name));
    expect([...missing, ...missingShared]).toEqual([]);
  });

  it('names no setting that nothing reads', () => {
    const known = new Set([...houses, 'gateway'].flatMap((house) => [...settingsOfHouse(house)]));
    for (const name of shared.flatMap((it) => [...settingsOf(it)])) known.add(name);
    expect([...documented().keys()].filter((name) => !known.has(name))).toEqual([]);
  });
});
