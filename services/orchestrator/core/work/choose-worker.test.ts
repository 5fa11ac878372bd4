// Who is given a task, in tables: what each part of the rank weighs, what decides between equals, and what places are left.
import { describe, expect, it } from '@jest/globals';
import {
  canDo,
  chooseWorker,
  pairTasks,
  rankOf,
  type WantedWork,
  type WorkerChoice,
} from './choose-worker.ts';

function worker(id: string, given: Partial<WorkerChoice> = {}): WorkerChoice {
  return { id, type: 'custom', capabilities: [], successRate: 1, running: 0, free: 5, ...given };
}

function task(given: Partial<WantedWork> = {}): WantedWork {
  return { type: 'analysis', requiredCapabilities: [], ...given };
}

const [a, b, c] = [['a'], ['a', 'b'], ['a', 'b', 'c', 'd']];

describe('a worker', () => {
  it.each([
    ['without the capabilities', { requiredCapabilities: b }, { capabilities: a }, false],
    ['with them', { requiredCapabilities: b }, { capabilities: c }, true],
    ['of no capability where none is required', {}, {}, true],
    ['without a free place', {}, { free: 0 }, false],
    ['other than the one that keeps the task', { keptWorkerId: 'two' }, {}, false],
    ['that keeps the task', { keptWorkerId: 'one' }, {}, true],
    ['that keeps it, whatever it can do', { keptWorkerId: 'one', requiredCapabilities: a }, {}, true],
  ] as const)('%s: may be given the task %#', (_, wanted, given, expected) => {
    expect(canDo(task(wanted), worker('one', given))).toBe(expected);
  });
});

describe('the rank', () => {
  it.each([
    [{}, {}, 0.8],
    [{}, { type: 'analyzer' }, 1],
    [{}, { type: 'analyzer', successRate: 0 }, 0.6],
    [{}, { successRate: 0.5 }, 0.6],
    [{ requiredCapabilities: a }, { capabilities: a }, 0.8],
    [{ requiredCapabilities: a }, { capabilities: b }, 0.6],
    [{ requiredCapabilities: a }, { capabilities: c }, 0.5],
    [{ requiredCapabilities: b }, { capabilities: c }, 0.6],
    [{ requiredCapabilities: ['a', 'a'] }, { capabilities: c }, 0.5],
    [{ type: 'report' }, { type: 'coordinator' }, 1],
    [{ type: 'alert' }, { type: 'notifier' }, 1],
    [{ type: 'detection' }, { type: 'detector' }, 1],
    [{ type: 'classification' }, { type: 'classifier' }, 1],
    [{ type: 'tracking' }, { type: 'tracker' }, 1],
    [{ type: 'custom' }, { type: 'custom' }, 1],
    [{ type: 'custom' }, { type: 'tracker' }, 0.8],
  ])('of %j for %j is %d', (wanted, given, expected) => {
    expect(rankOf(task(wanted), worker('one', given))).toBeCloseTo(expected, 10);
  });
});

describe('the choice', () => {
  it.each<[string, WantedWork, WorkerChoice[], string | undefined]>([
    ['nobody, where nobody can', task({ requiredCapabilities: a }), [worker('one')], undefined],
    ['the one with the greater success', task(), [worker('one', { successRate: 0.9 }), worker('two')], 'two'],
    [
      'the specialist',
      task({ requiredCapabilities: a }),
      [worker('one', { capabilities: c }), worker('two', { capabilities: a })],
      'two',
    ],
    [
      'success before the type',
      task(),
      [worker('one', { type: 'analyzer', successRate: 0.4 }), worker('two')],
      'two',
    ],
    [
      'of equals the less busy',
      task(),
      [worker('one', { running: 2 }), worker('two', { running: 1 })],
      'two',
    ],
    ['of equals with as many tasks the first id', task(), [worker('two'), worker('one')], 'one'],
    [
      'a busy one that is better',
      task(),
      [worker('one'), worker('two', { type: 'analyzer', running: 4, free: 1 })],
      'two',
    ],
  ])('is %s', (_, wanted, workers, expected) => {
    expect(chooseWorker(wanted, workers)?.id).toBe(expected);
  });

  it('does not hang on how fractions add up', () => {
    const third = { capabilities: ['a', 'b', 'c'], successRate: 0.1 + 0.2 };
    const workers = [worker('one', third), worker('two', { ...third, successRate: 0.3 })];
    expect(chooseWorker(task({ requiredCapabilities: a }), workers)?.id).toBe('one');
    expect(chooseWorker(task({ requiredCapabilities: a }), workers.toReversed())?.id).toBe('one');
  });
});

describe('pairs', () => {
  it('are made in the order of the tasks, and no worker gets more than it has places', () => {
    const tasks = ['first', 'second', 'third', 'fourth'].map((name) => ({ ...task(), name }));
    const workers = [worker('one', { type: 'analyzer', free: 1 }), worker('two', { free: 2 })];
    const pairs = pairTasks(tasks, workers).map(({ task: { name }, workerId }) => `${name} ${workerId}`);
    expect(pairs).toEqual(['first one', 'second two', 'third two']);
  });

  it('count what a worker is given with them', () => {
    const tasks = [task(), task(), task(), task()];
    const pairs = pairTasks(tasks, [worker('one'), worker('two', { running: 1 })]);
    expect(pairs.map(({ workerId }) => workerId)).toEqual(['one', 'one', 'two', 'one']);
  });

  it('leave a task that nobody can do for later, and go on', () => {
    const tasks = [task({ requiredCapabilities: b }), task()];
    expect(pairTasks(tasks, [worker('one')])).toMatchObject([{ task: tasks[1], workerId: 'one' }]);
  });
});
