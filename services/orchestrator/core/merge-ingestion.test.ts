// The merge of an ingestion run: which values stand, where they come from and what is asked when little is sure.
import { describe, expect, it } from '@jest/globals';
import { runOf, startedRun } from './decide.for-test.ts';
import { mergeIngestion } from './merge-ingestion.ts';
import { approvalNode, planOf, withTasks } from './run-plan.for-test.ts';

function merged(
  answers: Record<string, Parameters<ReturnType<typeof runOf>['answer']>[2] & object>,
  length = 100,
) {
  const run = runOf(planOf(Object.fromEntries(Object.keys(answers).map((id) => [id, []]))));
  run.see({ type: 'document_placed' });
  for (const [id, more] of Object.entries(answers)) run.answer(id, more.output, more);
  return mergeIngestion(run.state, length);
}

describe('mergeIngestion', () => {
  it('merges flat and says where each value comes from', () => {
    const { data, provenance } = merged({
      geo: { output: { place: 'Main St' }, spans: { place: [{ start: 3, end: 10 }] } },
      entity: { output: { kind: 'leak' } },
    });
    expect(data).toEqual({ place: 'Main St', kind: 'leak' });
    expect(provenance.place).toMatchObject({
      agentId: 'geo',
      agentVersion: 1,
      attempt: 1,
      spans: [{ start: 3, end: 10 }],
    });
  });

  it('leaves decisions of people out, and their certainty too', () => {
    const run = startedRun(withTasks(planOf({ geo: [], crew: ['geo'] }), { crew: approvalNode() }));
    run.answer('geo', { place: 'Main St' }, { confidence: 0.4 });
    run.decide('crew', true, 'for our eyes only');
    const { data, provenance, confidence, questions } = mergeIngestion(run.state, 100);
    expect([data, Object.keys(provenance), confidence]).toEqual([{ place: 'Main St' }, ['place'], 0.4]);
    expect(questions).not.toEqual([]);
  });

  it('keeps the later value in plan order and records the conflict', () => {
    const { data, conflicts } = merged({
      one: { output: { kind: 'leak' } },
      two: { output: { kind: 'flood' } },
    });
    expect(data).toEqual({ kind: 'flood' });
    expect(conflicts).toEqual([
      { key: 'kind', kept: { agentId: 'two', value: 'flood' }, dropped: [{ agentId: 'one', value: 'leak' }] },
    ]);
  });

  it('records no conflict between equal values, however their keys are ordered', () => {
    const { conflicts } = merged({
      one: { output: { kind: { a: 1, b: 2 } } },
      two: { output: { kind: { b: 2, a: 1 } } },
    });
    expect(conflicts).toEqual([]);
  });

  it('drops spans outside the text', () => {
    const spans = {
      place: [
        { start: 0, end: 4 },
        { start: 5, end: 101 },
        { start: 7, end: 7 },
        { start: -1, end: 3 },
      ],
    };
    const { provenance } = merged({ geo: { output: { place: 'Main' }, spans } });
    expect(provenance.place?.spans).toEqual([{ start: 0, end: 4 }]);
  });

  it('asks for what is unsure when the mean confidence is below 0.6, and for nothing otherwise', () => {
    expect(merged({ geo: { output: { place: 'x' }, confidence: 0.3 } }).questions).toHaveLength(3);
    expect(merged({ geo: { output: { place: 'x' }, confidence: 0.6 } }).questions).toEqual([]);
  });
});
