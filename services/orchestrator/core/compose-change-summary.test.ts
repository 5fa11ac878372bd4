// What a command's query job tells: what was changed, where, and why something was not.
import { describe, expect, it } from '@jest/globals';
import { composeChangeSummary, type PatchEnd } from './compose-change-summary.ts';
import { answered, existing, incident } from './management-answer.for-test.ts';
import { type ManagementEffects, prepareEffects } from './management-effects.ts';
import type { ManagementAnswer } from './management-wish.ts';
import { planChanges } from './plan-changes.ts';

const ids = Array.from({ length: 13 }, (_, nth) => incident(nth));
const [a = '', b = '', c = ''] = ids;
const people = { teams: [{ id: 'team-1', name: 'Roads' }], users: [] };

function effectsFor(answers: readonly ManagementAnswer[], apply: ManagementEffects['apply'] = 'auto') {
  const sources = { answers, command: 'Do it', verified: existing(ids) };
  const planned = planChanges(sources, { people, at: '2026-03-01T12:00:00.000Z' });
  if ('fault' in planned) throw new Error(planned.fault.message);
  const unused = Array.from({ length: 50 }, (_, nth) => patchUuid(50 - nth));
  return prepareEffects(planned, { apply, nextId: () => unused.pop() ?? '' });
}

function patchUuid(nth: number): string {
  return `0192f1a0-b2c3-7d4e-8f90-${String(nth).padStart(12, '0')}`;
}

function told(answers: readonly ManagementAnswer[], ends: Readonly<Record<string, PatchEnd>> = {}) {
  const effects = effectsFor(answers);
  const results = effects.changes.flatMap(({ patches }) =>
    patches.map(({ id, incidentId }) => ({ id, end: ends[incidentId] ?? ('applied' as const), message: '' })),
  );
  return composeChangeSummary(effects, results, answers);
}

describe('the summary of a command', () => {
  it('has a bullet for each change with its reports, and a closing line', () => {
    const { summary, closing } = told([
      answered('assigner', { assignee_id: 'roads', assignee_type: 'team' }, [a, b]),
      answered('status', { status: 'in_progress' }, [a, b]),
      answered('details', { field: 'due_date', value: '2026-03-06' }, [a]),
      answered('other', { risk: { level: 3 } }, [a]),
    ]);
    expect(summary.split('\n')).toEqual([
      `- Task Assigner: assigned to Roads [${a}, ${b}]`,
      `- Status Updater: status in progress [${a}, ${b}]`,
      `- Task Details Editor: due date 2026-03-06 [${a}]`,
      `- Risk: risk.level 3 [${a}]`,
      '',
      'Summary: The command was about 2 reports: 2 changed.',
    ]);
    expect(closing).toBe('The command was about 2 reports: 2 changed.');
  });

  it('says that a name was not found', () => {
    const { summary } = told([answered('assigner', { assignee_id: 'Bob', assignee_type: 'user' }, [a])]);
    expect(summary).toContain('assigned to Bob (no one team or user has this name)');
  });

  it('names ten reports and counts the rest', () => {
    const { summary } = told([answered('status', { status: 'closed' }, ids)]);
    expect(summary.split('\n')[0]).toBe(
      `- Status Updater: status closed [${ids.slice(0, 10).join(', ')}, +3]`,
    );
  });

  it('tells what was deleted, unchanged or decided otherwise, and counts only the rest as changed', () => {
    const ends = { [b]: 'deleted', [c]: 'unchanged', [ids[3] ?? '']: 'conflicted' } as const;
    const close = answered('status', { status: 'closed' }, ids.slice(0, 4));
    const { summary, referencesUsed, patches } = told([close], ends);
    expect(summary.split('\n')).toEqual([
      `- Status Updater: status closed [${a}]`,
      `- Status Updater: status closed: not changed, the report was deleted meanwhile [${b}]`,
      `- Status Updater: status closed: nothing to change, it was so already [${c}]`,
      `- Status Updater: status closed: not applied, since the report has moved on [${ids[3]}]`,
      '',
      'Summary: The command was about 4 reports: 1 changed, 1 with changes that were decided otherwise, 1 with nothing to change, 1 deleted meanwhile.',
    ]);
    expect(referencesUsed.map(({ referenceId }) => referenceId)).toEqual([a, ids[3]]);
    expect(patches).toHaveLength(2);
  });

  it('shows changed reports on the map, with the status that they were given', () => {
    const { mapData, referencesUsed, patches } = told([answered('status', { status: 'closed' }, [a, b])]);
    expect(referencesUsed.map(({ status }) => status)).toEqual(['closed', 'closed']);
    expect(mapData).toMatchObject({ map_action: 'ADD_MARKERS', display: 'markers' });
    expect(patches[0]).toBe('patch_0192f1a0b2c37d4e8f90000000000001');
  });

  it('shows the status of before where a change waits for a decision', () => {
    const { referencesUsed, summary } = told([answered('status', { status: 'closed' }, [a])], {
      [a]: 'proposed',
    });
    expect(referencesUsed[0]?.status).toBe('completed');
    expect(summary).toContain('status closed (proposed, waits for a decision)');
  });

  it('says why where nothing was to be changed', () => {
    const none = {
      ...answered('status', {}),
      answer: { ...answered('status', {}).answer, reasoning: 'No report fits' },
    };
    const { summary, referencesUsed, mapData, patches } = told([none]);
    expect(summary.split('\n')).toEqual([
      '- Status Updater: No report fits (no report)',
      '',
      expect.stringMatching(/^Summary: Nothing was changed: no report, or no change,/),
    ]);
    expect([referencesUsed, mapData, patches]).toEqual([[], null, []]);
  });

  it('says that what was meant is no report of the domain', () => {
    const { closing } = told([answered('status', { status: 'closed' }, [incident(99)])]);
    expect(closing).toContain('is no report of this domain');
  });

  it('says that agents disagreed', () => {
    const { closing } = told([
      answered('details', { field: 'priority', value: 'low' }, [a]),
      answered('other', { task_details: { priority: 'high' } }, [a]),
    ]);
    expect(closing).toContain('Agents disagreed on 1 value; the later one was taken.');
  });

  it('is short however long the values are', () => {
    const { summary, closing } = told([answered('other', { text: 'long '.repeat(500) }, [a])]);
    expect(summary.split('\n')[0]?.length).toBeLessThanOrEqual(220);
    expect(closing.length).toBeLessThanOrEqual(300);
  });
});
