// Executions as messages: what the report records of a run is shown of the run too.
import { describe, expect, it } from '@jest/globals';
import { runOf } from '../core/decide.for-test.ts';
import { newRecord } from '../core/execution-record.for-test.ts';
import { planOf } from '../core/run-plan.for-test.ts';
import { executionWire } from './wire.ts';

const stored = { status: 'running', reason: '', error: '', partial: false } as const;

describe('executionWire', () => {
  it('shows the keys that two agents answered differently, once their run has an outcome', () => {
    const run = runOf(planOf({ one: [], two: [] }));
    const execution = { ...newRecord(), ...stored };
    run.see({ type: 'document_placed' });
    run.answer('one', { kind: 'leak' });
    expect(executionWire(execution, run.state).conflicts).toEqual([]);
    run.answer('two', { kind: 'flood' });
    expect(executionWire(execution, run.state).conflicts).toEqual([
      {
        key: 'kind',
        kept: { agent_id: 'two', value: 'flood' },
        dropped: [{ agent_id: 'one', value: 'leak' }],
      },
    ]);
  });

  it('shows none of a run that wrote nothing', () => {
    const run = runOf(planOf({ one: [], two: [], bad: [] }));
    run.see({ type: 'document_placed' });
    run.answer('one', { kind: 'leak' });
    run.answer('two', { kind: 'flood' });
    run.fault('bad', 'output_invalid');
    const execution = { ...newRecord(), ...stored };
    expect(executionWire(execution, run.state).conflicts).toEqual([]);
  });
});
