// What of a report is left out of the index, so that no report makes others wait for it.
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../foundation/json/json.ts';
import { indexedBytesMax, indexedValueBytesMax, indexRowOf } from './index-row.ts';
import { submittedReport } from './report.ts';

function rowOf(ingestionData: JsonObject) {
  const report = submittedReport({
    ...{ tenantId: 't', id: '01890a5d-ac96-774b-bcce-b302099a8057', domainId: 'parks', rawText: 'A tree' },
    ...{ source: 'web', jobId: 'job_1', createdAt: '2025-01-01T00:00:00.000Z', createdBy: 'someone' },
  });
  return indexRowOf({ ...report, findings: { ingestionData, provenance: {}, conflicts: [] } });
}

describe('the row of a report', () => {
  it('leaves out values that are too large, their keys counted, and keeps the others', () => {
    const data = {
      kind: 'tree',
      long: 'x'.repeat(indexedValueBytesMax),
      ['k'.repeat(indexedValueBytesMax)]: 1,
      last: true,
    };
    expect(rowOf(data).ingestionData).toEqual({ kind: 'tree', last: true });
  });

  it('holds no more than so many bytes of all values together, the first of them', () => {
    const values = Array.from({ length: 10 }, (_, at): [string, string] => [`v${at}`, 'x'.repeat(10_000)]);
    const { ingestionData } = rowOf({ ...Object.fromEntries(values), small: 1 });
    const fitting = Math.floor(indexedBytesMax / JSON.stringify(values[0]).length);
    expect(Object.keys(ingestionData)).toEqual([...values.slice(0, fitting).map(([key]) => key), 'small']);
  });

  it('has no text without spaces that is too long to look for words in', () => {
    const { searchText } = rowOf({ path: '~/'.repeat(3_000), words: 'two words' });
    expect(Math.max(...searchText.split(/\s+/).map((run) => run.length))).toBe(100);
    expect(searchText.replaceAll(' ', '')).toContain('~/'.repeat(3_000));
    expect(searchText).toContain('two words');
  });
});
