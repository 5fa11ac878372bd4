// A run is drawn as the tree that it is, whatever its state.
import { expect, it } from '@jest/globals';
import { runLines, type ShownRun, type ShownTask } from './run-tree.ts';

function task(node_id: string, status: string, more: Partial<ShownTask> = {}): ShownTask {
  return {
    task_id: `task_${node_id}`,
    node_id,
    agent_name: null,
    status,
    attempt: 1,
    waiting_for: [],
    ...more,
  };
}

function run(nodes: readonly ShownTask[], edges: readonly string[], more: Partial<ShownRun> = {}): ShownRun {
  const plan = { nodes, edges: edges.map((edge) => ({ from: edge.charAt(0), to: edge.charAt(1) })) };
  return { job_id: 'job_1', kind: 'ingest', status: 'running', plan, execution_log: [], ...more };
}

it('draws each task once, below the last that it waited for', () => {
  const nodes = ['a', 'b', 'c', 'd', 'e'].map((id) => task(id, 'waiting'));
  expect(runLines(run(nodes, ['ab', 'ac', 'cd', 'bd', 'ad', 'be']))).toEqual([
    'job_1  ingest  running  0 of 5 tasks',
    '└─ · a  waiting',
    '   ├─ · b  waiting',
    '   │  ├─ · d  waiting',
    '   │  └─ · e  waiting',
    '   └─ · c  waiting',
  ]);
});

it('says of each task how it stands: tries, time, cache, what it waits for, what went wrong', () => {
  const nodes = [
    task('a', 'succeeded', { agent_name: 'Reader' }),
    task('b', 'failed', { attempt: 3 }),
    task('c', 'retry_wait', { attempt: 2, waiting_for: ['the time of its next attempt'] }),
    task('d', 'waiting_approval', { waiting_for: ['a decision'] }),
    task('e', 'running', { waiting_for: ['attempt 1 is running'] }),
    task('f', 'succeeded'),
  ];
  const execution_log = [
    { task_id: 'task_a', execution_time_ms: 1_234 },
    { task_id: 'task_b', execution_time_ms: 20, error_code: 'model_timeout' },
    { task_id: 'task_f', execution_time_ms: 1, cache: { source: 'tenant' } },
  ];
  const charactersOf = new Map([['task_e', 321]]);
  expect(runLines(run(nodes, [], { execution_log }), { charactersOf }).slice(1)).toEqual([
    '├─ ✓ Reader  succeeded, 1.2 s',
    '├─ ✗ b  failed, attempt 3, 20 ms, model_timeout',
    '├─ ↻ c  retry_wait, attempt 2, waits for the time of its next attempt',
    '├─ ? d  waiting_approval, waits for a decision',
    '├─ ▸ e  running, 321 characters',
    '└─ ✓ f  succeeded, from cache, 1 ms',
  ]);
});

it('tells why a run failed, and obeys nothing that stands in a name', () => {
  const nodes = [task('a', 'failed', { agent_name: '\u001b[2Jevil\nname' })];
  const lines = runLines(run(nodes, [], { status: 'failed', error: 'no\nroom' }));
  expect(lines).toEqual([
    'job_1  ingest  failed  1 of 1 tasks',
    '└─ ✗ \ufffd[2Jevil name  failed',
    'error: no room',
  ]);
});
