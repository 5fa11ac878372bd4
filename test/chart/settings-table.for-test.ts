// The table of settings in deploy/README.md, as tests of the chart ask it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessName } from './pods.for-test.ts';

/** A row: who reads the setting, in the table's words, and its meaning. */
export interface SettingRow {
  readonly processes: string;
  readonly meaning: string;
}

/** Every setting by name. */
export function settingsTable(): ReadonlyMap<string, SettingRow> {
  const text = readFileSync(join(import.meta.dirname, '../../deploy/README.md'), 'utf8');
  const rows = [...text.matchAll(/^\| `([A-Z_]+)` \| ([^|]+) \| (.*) \|$/gm)];
  return new Map(
    rows.map(([, name = '', processes = '', meaning = '']) => [
      name,
      { processes: processes.trim(), meaning },
    ]),
  );
}

/** Whether a process reads the setting. */
export function reads({ processes }: SettingRow, process: ProcessName): boolean {
  if (processes === 'all') return true;
  return processes === 'services' ? process !== 'gateway' : processes.split(/,\s*/).includes(process);
}
