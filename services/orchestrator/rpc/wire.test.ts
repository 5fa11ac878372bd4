// Executions as messages: what the documents record of a run is shown of the run too, and why it waits.
import { describe, expect, it } from '@jest/globals';
import { runOf } from '../core/decide.for-test.ts';
import { newRecord } from '../core/execution-record.for-test.ts';
import type { StoredExecution } from '../core/execution-record.ts';
import { planOf } from '../core/run-plan.for-test.ts';
import { executionListWire, executionWire } from './wire.ts';

function storedRun(changes: Partial<StoredExecution> = {}): StoredExecution {
  const stored = { status: 'running', reason: '', error: '', partial: false } as const;
  return { ...newRecord(), ...stored, isQueued: false, isParked: false, ...changes };
}

describe('executionWire', () => {
  it('shows the keys that two agents answered differently, once their run has an outcome', () => {
    const run = runOf(planOf({ one: [], two: [] }));
    const execution = storedRun();
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
    expect(executionWire(storedRun(), run.state).conflicts).toEqual([]);
  });

  it('shows the paths that a command would have changed differently, once they are known', () => {
    const conflict = {
      key: 'status',
      kept: { agentId: 'two', value: 'closed' },
      dropped: [{ agentId: 'one', value: 'assigned' }],
    };
    const run = runOf(planOf({ one: [] }));
    const execution = storedRun({ kind: 'management' });
    expect(executionWire(execution, run.state).conflicts).toEqual([]);
    run.state.prepared = { apply: 'auto', changes: [], reports: [], rejected: [], conflicts: [conflict] };
    expect(executionWire(execution, run.state).conflicts).toEqual([
      {
        key: 'status',
        kept: { agent_id: 'two', value: 'closed' },
        dropped: [{ agent_id: 'one', value: 'assigned' }],
      },
    ]);
  });

  it('says why a run does not go on', () => {
    const run = runOf(planOf({ one: [] }));
    const queued = executionWire(storedRun({ status: 'pending', isQueued: true }), run.state);
    expect(queued.reason).toBe('queued');
    expect(queued.tasks[0]?.waitingFor).toEqual([expect.stringContaining('to be admitted')]);
    run.see({ type: 'document_placed' });
    // Its row was read a moment before its journal.
    expect(executionWire(storedRun({ isQueued: true }), run.state).reason).toBe('');
  });
});

describe('executionListWire', () => {
  it.each([
    ['ingest', { case: 'incidentId', value: 'id' }],
    ['query', { case: 'queryId', value: 'id' }],
    ['management', { case: 'queryId', value: 'id' }],
    ['workflow', { case: 'workflowId', value: 'id' }],
    ['task', { case: undefined }],
  ] as const)('names what a run of the kind %s is about', (kind, subject) => {
    expect(executionListWire(storedRun({ kind, subjectId: 'id' })).subject).toEqual(subject);
  });

  it('names the run that is repeated', () => {
    const rerunOf = '01890000-0000-7000-8000-000000000000';
    expect(executionListWire(storedRun({ rerunOf })).rerunOf).toBe('job_01890000000070008000000000000000');
    expect(executionListWire(storedRun()).rerunOf).toBe('');
  });
});
