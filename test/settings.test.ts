// deploy/README.md is the only place where all settings stand together; here it is held against the code that reads them.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const houses = ['registry', 'reports', 'sessions', 'agents', 'orchestrator'].map(
  (name) => `services/${name}`,
);
const shared = 'foundation/config/service-config.ts';
const inCode =
  /\b(?:text|integer|port|url|flag|list|oneOf|json)(?:<[^>]*>)?\(\s*'([A-Z][A-Z_]+)'|readPrivateKey\(read, '([A-Z_]+)'/g;

function read(path: string): string {
  return readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
}

function settingsOf(path: string): Set<string> {
  return new Set([...read(path).matchAll(inCode)].map(([, plain, key]) => plain ?? key ?? ''));
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
      const settings = [...settingsOf(`${house}/config.ts`)];
      return settings
        .filter((name) => !mayRead(table.get(name) ?? '', house))
        .map((name) => `${house} reads ${name}`);
    });
    const missingShared = [...settingsOf(shared)].filter((name) => !documented().has(name));
    expect([...missing, ...missingShared]).toEqual([]);
  });

  it('names no setting that nothing reads', () => {
    const paths = [...houses.map((house) => `${house}/config.ts`), 'gateway/config.ts', shared];
    const known = new Set(paths.flatMap((path) => [...settingsOf(path)]));
    expect([...documented().keys()].filter((name) => !known.has(name))).toEqual([]);
  });
});
