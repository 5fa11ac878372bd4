// The answer of a query run: bullets with verified references only, a bounded summary and a map.
import { describe, expect, it } from '@jest/globals';
import { composeAnswer, givenReferences } from './compose-answer.ts';
import { runOf, startedRun } from './decide.for-test.ts';
import { approvalNode, planOf, withTasks } from './run-plan.for-test.ts';
import type { VerifiedReference } from './verified-reference.ts';

function answered(references: readonly string[], text = 'Three leaks near Main Street') {
  const run = runOf(planOf({ What: [] }));
  run.see({ type: 'document_placed' });
  run.answer('What', { answer: text }, { references });
  return run.state;
}

function known(ids: readonly string[], located = false): Map<string, VerifiedReference> {
  const at = (n: number) => (located ? { location: { longitude: -71 - n / 100, latitude: 42 } } : {});
  return new Map(ids.map((id, n) => [id, { referenceId: id, summary: id, status: 'completed', ...at(n) }]));
}

describe('composeAnswer', () => {
  it('drops references that do not exist and says so', () => {
    const state = answered(['inc_1', 'inc_forged', 'inc_1']);
    const answer = composeAnswer('What leaks?', state, known(['inc_1']));
    expect(givenReferences(state)).toEqual(['inc_1', 'inc_forged']);
    expect(answer.referencesUsed.map(({ referenceId }) => referenceId)).toEqual(['inc_1']);
    expect(answer.referencesRejected).toEqual([{ referenceId: 'inc_forged', agentId: 'What' }]);
    expect(answer.summary).not.toContain('inc_forged');
  });

  it('is of agents alone: what a person decided is no answer', () => {
    const run = startedRun(withTasks(planOf({ What: [], ask: ['What'] }), { ask: approvalNode() }));
    run.answer('What', { answer: 'Three leaks' });
    run.decide('ask', true, 'for our eyes only');
    const { answers, summary } = composeAnswer('What leaks?', run.state, known([]));
    expect(answers.map(({ agentId }) => agentId)).toEqual(['What']);
    expect(summary).not.toContain('our eyes');
  });

  it('ends each bullet with its first ten ids and counts the rest', () => {
    const ids = Array.from({ length: 13 }, (_, n) => `inc_${n}`);
    const { summary } = composeAnswer('What leaks?', answered(ids), known(ids));
    expect(summary.split('\n')[0]).toBe(
      `- What: Three leaks near Main Street [${ids.slice(0, 10).join(', ')}, +3]`,
    );
  });

  it('says that no report supports an answer without references', () => {
    const { summary, mapData } = composeAnswer('What leaks?', answered([]), known([]));
    expect(summary).toContain('(no report)');
    expect(summary.split('\n').at(-1)).toMatch(/^Summary: No report/);
    expect(mapData).toBeNull();
  });

  it.each([
    ['How many leaks are there?', 'What'],
    ['How often does it leak?', 'When'],
    ['Which month had most leaks?', 'When'],
    ['Which streets leak?', 'Where'],
    ['Which team is responsible?', 'Who'],
    ['How long does it take?', 'How'],
    ['Why does it leak?', 'Why'],
  ])('lets the closing line of "%s" begin with %s', (question, label) => {
    const run = runOf(planOf({ Who: [], What: [], Where: [], When: [], Why: [], How: [] }));
    run.see({ type: 'document_placed' });
    for (const name of ['Who', 'What', 'Where', 'When', 'Why', 'How'])
      run.answer(name, { answer: `${name} says` }, { references: ['inc_1'] });
    const { summary } = composeAnswer(question, run.state, known(['inc_1']));
    expect(summary.split('\n').at(-1)).toMatch(`Summary: ${label} says.`);
  });

  it('begins its closing line with what the question asks for', () => {
    const run = runOf(planOf({ What: [], Where: [] }));
    run.see({ type: 'document_placed' });
    run.answer('What', { answer: 'Leaks' }, { references: ['inc_1', 'inc_2'] });
    run.answer('Where', { answer: 'Main Street' }, { references: ['inc_1'] });
    const closing = composeAnswer('And where is that?', run.state, known(['inc_1', 'inc_2']))
      .summary.split('\n')
      .at(-1);
    expect(closing).toBe('Summary: Main Street. Leaks. The answer rests on 2 reports.');
  });

  it('leaves out of its closing line what would say the same again', () => {
    const run = runOf(planOf({ What: [], Who: [] }));
    run.see({ type: 'document_placed' });
    run.answer('What', { answer: '2 reports about leaks; all infrastructure' }, { references: ['inc_1'] });
    run.answer('Who', { answer: '2 reports about leaks, from 1 reporter' }, { references: ['inc_1'] });
    const closing = composeAnswer('What leaks?', run.state, known(['inc_1']))
      .summary.split('\n')
      .at(-1);
    expect(closing).toBe('Summary: 2 reports about leaks; all infrastructure. The answer rests on 1 report.');
  });

  it('cuts statements at 150 and the closing line at 300 characters', () => {
    const { answers, summary } = composeAnswer(
      'What leaks?',
      answered(['inc_1'], 'long '.repeat(100)),
      known(['inc_1']),
    );
    expect(answers[0]?.text.length).toBeLessThanOrEqual(150);
    expect(summary.split('\n').at(-1)?.length).toBeLessThanOrEqual(300);
  });

  it('holds at most 50 references and counts them all', () => {
    const ids = Array.from({ length: 60 }, (_, n) => `inc_${n}`);
    const { referencesUsed, referencesTotal } = composeAnswer('What leaks?', answered(ids), known(ids));
    expect(referencesUsed).toHaveLength(50);
    expect(referencesTotal).toBe(60);
  });

  it('shows up to ten places as markers and more as a heat map with its bounds', () => {
    const few = composeAnswer(
      'What leaks?',
      answered(['inc_0', 'inc_1']),
      known(['inc_0', 'inc_1'], true),
    ).mapData;
    expect(few).toMatchObject({ map_action: 'ADD_MARKERS', display: 'markers' });
    const ids = Array.from({ length: 11 }, (_, n) => `inc_${n}`);
    const many = composeAnswer('What leaks?', answered(ids), known(ids, true)).mapData;
    expect(many).toMatchObject({ map_action: 'FIT_BOUNDS', display: 'heatmap', cluster_degrees: 0.01 });
    expect(many?.bounds).toMatchObject({ south: 41.99, north: 42.01 });
  });
});
