// What a change may ask for, and how large it may be.
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../foundation/json/json.ts';
import { decideUpdate } from './patch-decisions.ts';
import { decidedProblems, decisionProblems, newPatchProblems, wishProblems } from './patch-problems.ts';
import { recording, secondsAfter, someReport } from './report.for-test.ts';
import type { Report } from './report.ts';

const id = '01890000-0000-7000-8000-000000000001';
const hex = id.replaceAll('-', '');
const deep = (levels: number): JsonObject => JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);

function fieldsOf(problems: readonly { readonly field: string }[]): string[] {
  return problems.map(({ field }) => field);
}

describe('a wish', () => {
  it.each<[string, string, JsonObject | undefined, string[]]>([
    ['of nothing', '', undefined, ['status']],
    ['to be processing', 'processing', undefined, ['status']],
    ['for a status that is too long', 'x'.repeat(51), undefined, ['status']],
    ['for a status with U+0000', 'a\0', undefined, ['status']],
    ['for a status with half a pair', '\ud83d', undefined, ['status']],
    ['for U+0000 in a value', '', { a: ['b', 'c\0'] }, ['management_data']],
    ['for U+0000 in a key', '', { 'a\0': 1 }, ['management_data']],
    ['for half a pair', '', { a: 'x\udc00' }, ['management_data']],
    ['for half a pair in a key', '', { a: { '\ud800': 1 } }, ['management_data']],
    ['for more levels than are kept', '', deep(31), ['management_data']],
    ['for a number out of range', '', { a: 1e300 }, ['management_data']],
    ['for more than 64 KB', '', { a: 'x'.repeat(64 * 1024) }, ['management_data']],
    ['to write history', 'closed', { history: [] }, ['management_data.history']],
    [
      'with two mistakes',
      'processing',
      { history: [], a: '\0' },
      ['status', 'management_data', 'management_data.history'],
    ],
  ])('%s is refused', (_name, status, managementData, fields) => {
    expect(fieldsOf(wishProblems({ status, managementData }))).toEqual(fields);
  });

  it('may be for all that JSON can say within the limits', () => {
    const data = { ...deep(30), list: [null, 1.5, -1e100], 'key with "quotes"': '\u{1F525}', empty: {} };
    expect(wishProblems({ status: '\u{1F525}'.repeat(50), managementData: data })).toEqual([]);
    expect(wishProblems(recording(JSON.parse('{"__proto__": {"constructor": 1}}')))).toEqual([]);
    expect(wishProblems(recording({ inner: { history: 'of the caller' } }))).toEqual([]);
  });
});

describe('a decided change', () => {
  function problemsOf(report: Report, data: JsonObject) {
    const decided = decideUpdate(report, recording(data), { id, by: 'u', at: secondsAfter(1) });
    if (!decided) throw new Error('nothing changed');
    return fieldsOf(decidedProblems(decided));
  }

  it('may fill management_data up, and not go beyond', () => {
    const held = someReport({ managementData: { a: 'x'.repeat(60_000) } });
    expect(problemsOf(held, { b: 'x'.repeat(5_000) })).toEqual([]);
    expect(problemsOf(held, { b: 'x'.repeat(6_000) })).toEqual(['management_data']);
  });

  it('may be of thousands of values, but not of such long paths that the patch grows without bound', () => {
    const many = Object.fromEntries(Array.from({ length: 3_000 }, (_, at) => [`key_${at}`, `v${at}`]));
    expect(problemsOf(someReport(), { task: many })).toEqual([]);
    const leaves = Object.fromEntries(Array.from({ length: 3_000 }, (_, at) => [`k${at}`, 1]));
    const wide = recording({ ['k'.repeat(20_000)]: leaves });
    expect(wishProblems(wide)).toMatchObject([
      { field: 'management_data', reason: expect.stringContaining('change less') },
    ]);
  });

  it('may not make the document too large', () => {
    const findings = { ingestionData: { a: 'x'.repeat(340_000) }, provenance: {}, conflicts: [] };
    expect(problemsOf(someReport({ findings }), { b: 'x'.repeat(5_000) })).toEqual([]);
    expect(problemsOf(someReport({ findings }), { b: 'x'.repeat(20_000) })).toEqual(['management_data']);
  });
});

describe('what a run says of its patch', () => {
  const parts = { jobId: `job_${hex}`, queryId: `qry_${hex}`, agentId: 'agent-1', agentVersion: 1 };
  const patch = { id, source: 'agent', ...parts, reason: '', references: [], wishMark: '' } as const;

  it('is told in full where it is wrong', () => {
    expect(newPatchProblems(patch)).toEqual([]);
    const wrong = {
      id: 'x',
      jobId: 'job_',
      queryId: '',
      agentId: '',
      agentVersion: 0,
      reason: 'x'.repeat(1_001),
    };
    const references = Array.from({ length: 51 }, () => 'inc_1');
    expect(fieldsOf(newPatchProblems({ ...patch, ...wrong, references }))).toEqual([
      ...['id', 'job_id', 'query_id', 'agent_id', 'agent_version', 'reason', 'references', 'references'],
    ]);
  });
});

describe('what comes with a decision', () => {
  it('is bounded', () => {
    expect(decisionProblems({ requestId: 'x'.repeat(128), reason: '\u{1F525}'.repeat(1_000) })).toEqual([]);
    const refused = decisionProblems({ requestId: 'x'.repeat(129), reason: 'a\0' });
    expect(fieldsOf(refused)).toEqual(['request_id', 'reason']);
  });
});
