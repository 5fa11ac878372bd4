// A drill on a small mesh: what was there at the moment of the backup is there again, and what was done to it later is not.
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '../local/databases/databases.ts';
import { differences } from './drill/life.ts';
import { restoreDrill } from './drill/restore-drill.ts';

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a drill', () => {
  it('brings everything back that was deleted after the backup, also what came in while it was taken', async () => {
    const steps: string[] = [];
    const { signal } = new AbortController();
    const result = await restoreDrill({ folder, reports: 2, signal, onStep: (step) => steps.push(step) });
    expect(result).toMatchObject({ different: [], new_report: expect.stringMatching(/^inc_/) });
    // Four reports, two sessions, agents and tasks, and one count.
    expect(result.compared).toBe(11);
    expect(result.base_backup_bytes).toBeGreaterThan(1_000_000);
    expect(result.document_items).toBeGreaterThanOrEqual(4 + 2);
    expect(steps).toContain('restoring from the backups alone');
  }, 180_000);
});

describe('what people read before and after', () => {
  it('differs where something is gone, is another, or was not there before', () => {
    const before = new Map<string, unknown>([
      ['same', { a: [1] }],
      ['gone', { a: 1 }],
      ['other', { a: 1 }],
      ['never', undefined],
    ]);
    const after = new Map<string, unknown>([
      ['same', { a: [1] }],
      ['gone', undefined],
      ['other', { a: 2 }],
      ['never', undefined],
    ]);
    expect(differences(before, after)).toEqual(['gone', 'other', 'never']);
  });
});
