// Reading workflows: what passes, every bound at both of its ends, and all problems at once.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Fault } from '../../../../foundation/fault/fault.ts';
import type { JsonObject, JsonValue } from '../../../../foundation/json/json.ts';
import { diamond, workflowBody } from './workflow.for-test.ts';
import { readWorkflow } from './workflow-document.ts';
import { estimatedSeconds, highestPriority, workflowGraph } from './workflow-plan.ts';

/** Reason and problems by path of a body that is refused. */
function refusal(body: JsonObject): { readonly reason: string; readonly problems: Record<string, string> } {
  try {
    readWorkflow(body);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { reason, violations } = error;
    return { reason, problems: Object.fromEntries(violations.map(({ field, reason: why }) => [field, why])) };
  }
  throw new Error('the body was taken');
}

function problemsOf(body: JsonObject): Record<string, string> {
  return refusal(body).problems;
}

const uuid = (n: number): string => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const tasksNumbered = (count: number): Record<string, string[]> =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`t${at}`, []]));
const pairs = (count: number): JsonObject =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`K${at}`, 'v']));

describe('a description', () => {
  it('is read with everything that it says', () => {
    const body = workflowBody(diamond, {
      user_id: 'u_1',
      schedule: ' 0 6 * * 1-5 ',
      dependencies: [uuid(1), uuid(2).toUpperCase()],
      environment: { REGION: 'north', EMPTY: '' },
      metadata: { team: 'rivers' },
    });
    const { tasks, ...workflow } = readWorkflow(body);
    expect(workflow).toEqual({
      ...{ name: 'Flood watch', description: 'Watches a river', userId: 'u_1', schedule: '0 6 * * 1-5' },
      dependencies: [uuid(1), uuid(2)],
      environment: { REGION: 'north', EMPTY: '' },
      metadata: { team: 'rivers' },
    });
    expect(tasks.map(({ key, dependsOn, inputData }) => ({ key, dependsOn, inputData }))).toEqual(
      Object.entries(diamond).map(([key, dependsOn]) => ({ key, dependsOn, inputData: { asked: key } })),
    );
  });

  it('needs no more than a name, a description and one task', () => {
    const { tasks, ...workflow } = readWorkflow(workflowBody({ only: [] }));
    expect(workflow).toEqual({
      ...{
        name: 'Flood watch',
        description: 'Watches a river',
        dependencies: [],
        environment: {},
        metadata: {},
      },
    });
    expect(tasks).toHaveLength(1);
  });

  it.each<[string, JsonObject]>([
    ['100 tasks', workflowBody(tasksNumbered(100))],
    ['a key of 64 characters', workflowBody({ ['k'.repeat(64)]: [] })],
    [
      '10 dependencies',
      workflowBody(diamond, { dependencies: Array.from({ length: 10 }, (_, n) => uuid(n)) }),
    ],
    ['50 pairs', workflowBody(diamond, { environment: pairs(50) })],
    ['a long pair', workflowBody(diamond, { environment: { ['k'.repeat(100)]: 'v'.repeat(1_000) } })],
    ['a user of 3 characters', workflowBody(diamond, { user_id: 'abc' })],
    ['99 parents', workflowBody({ ...tasksNumbered(99), last: Object.keys(tasksNumbered(99)) })],
    ['SQL in free text', workflowBody(diamond, { description: 'select * from reports; drop table reports' })],
  ])('takes %s', (_what, body) => {
    expect(() => readWorkflow(body)).not.toThrow();
  });

  it.each<[string, JsonObject, string, string]>([
    ['101 tasks', workflowBody(tasksNumbered(101)), 'tasks', 'must have at most 100 items'],
    ['no task', workflowBody({}), 'tasks', 'must have at least 1 item'],
    ['tasks that are no list', workflowBody({}, { tasks: { a: 1 } }), 'tasks', 'must be a list'],
    ['a task that is no object', workflowBody({}, { tasks: ['a'] }), 'tasks[0]', 'must be an object'],
    [
      'a task without a key',
      workflowBody(diamond, {}, { left: { key: null } }),
      'tasks[1].key',
      'is required',
    ],
    ['a key with a space', workflowBody({ 'a b': [] }), 'tasks[0].key', 'must begin with a letter'],
    ['a key of 65', workflowBody({ ['k'.repeat(65)]: [] }), 'tasks[0].key', 'must begin with a letter'],
    ['a key that is no text', workflowBody({ a: [] }, {}, { a: { key: 3 } }), 'tasks[0].key', 'must be text'],
    [
      'a key twice',
      workflowBody({ a: [], b: [] }, {}, { b: { key: 'a' } }),
      'tasks[1].key',
      'repeats tasks[0].key',
    ],
    ['an unknown parent', workflowBody({ a: ['x'] }), 'tasks[0].depends_on[0]', 'must be the key of a task'],
    [
      'a parent twice',
      workflowBody({ a: [], b: ['a', 'a'] }),
      'tasks[1].depends_on[1]',
      'repeats depends_on[0]',
    ],
    ['itself as parent', workflowBody({ a: ['a'] }), 'tasks[0].depends_on[0]', 'circular dependency: a -> a'],
    [
      'a cycle',
      workflowBody({ a: ['c'], b: ['a'], c: ['b'] }),
      'tasks',
      'circular dependency: a -> c -> b -> a',
    ],
    [
      'a wrong task',
      workflowBody(diamond, {}, { right: { priority: 6 } }),
      'tasks[2].priority',
      'from 1 to 5',
    ],
    [
      '11 dependencies',
      workflowBody(diamond, { dependencies: Array.from({ length: 11 }, (_, n) => uuid(n)) }),
      'dependencies',
      'at most 10',
    ],
    [
      'a dependency twice',
      workflowBody(diamond, { dependencies: [uuid(1), uuid(1)] }),
      'dependencies[1]',
      'was named before',
    ],
    ['51 pairs', workflowBody(diamond, { environment: pairs(51) }), 'environment', 'at most 50 pairs'],
    [
      'a long name',
      workflowBody(diamond, { environment: { ['k'.repeat(101)]: '' } }),
      'environment',
      'at most 100',
    ],
    [
      'a long value',
      workflowBody(diamond, { environment: { A: 'v'.repeat(1_001) } }),
      'environment.A',
      'at most 1000',
    ],
    [
      'a value that is no text',
      workflowBody(diamond, { environment: { A: 1 } }),
      'environment.A',
      'must be text',
    ],
    ['a short user', workflowBody(diamond, { user_id: 'ab' }), 'user_id', 'at least 3 characters'],
    ['a short name', workflowBody(diamond, { name: 'ab' }), 'name', 'at least 3 characters'],
    ['no description', workflowBody(diamond, { description: '' }), 'description', 'must not be blank'],
    ['four fields', workflowBody(diamond, { schedule: '* * * *' }), 'schedule', 'must have 5 fields'],
    [
      'a schedule that never fires',
      workflowBody(diamond, { schedule: '0 0 30 2 *' }),
      'schedule',
      'never fires',
    ],
    [
      'large metadata',
      workflowBody(diamond, { metadata: { a: 'x'.repeat(5_000) } }),
      'metadata',
      'at most 5000',
    ],
  ])('refuses %s', (_what, body, path, reason) => {
    expect(refusal(body)).toEqual({
      reason: 'invalid_argument',
      problems: expect.objectContaining({ [path]: expect.stringContaining(reason) }),
    });
  });

  it.each<[string, JsonObject, string]>([
    ['a malformed dependency', { dependencies: ['7'] }, 'dependencies[0]'],
    ['a name with a script', { name: '<script>alert(1)</script>' }, 'name'],
    ['a metadata key with SQL', { metadata: { "a' or '1": 1 } }, 'metadata'],
  ])('is malformed with %s', (_what, changes, path) => {
    const { reason, problems } = refusal(workflowBody(diamond, changes));
    expect(reason).toBe('malformed');
    expect(Object.keys(problems)).toEqual([path]);
  });

  it('is told all its problems at once', () => {
    const body = workflowBody(
      { a: ['b', 'x'], b: ['a'] },
      { name: 'n', schedule: '61 * * * *', environment: { A: 1 } },
      { b: { type: 'unknown' } },
    );
    expect(Object.keys(problemsOf(body)).sort()).toEqual(
      ['environment.A', 'name', 'schedule', 'tasks', 'tasks[0].depends_on[1]', 'tasks[1].type'].sort(),
    );
  });

  it('names each of several cycles', () => {
    const body = workflowBody({ a: ['b'], b: ['a'], c: ['d'], d: ['c'] });
    const cycles = ['a -> b -> a', 'c -> d -> c'].map((way) => ({
      field: 'tasks',
      reason: `circular dependency: ${way}`,
    }));
    expect(() => readWorkflow(body)).toThrow(expect.objectContaining({ violations: cycles }));
  });

  it('is taken or refused, whatever it holds, and never breaks', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom('name', 'tasks', 'schedule', 'environment', 'dependencies', 'metadata', 'user_id'),
          fc.jsonValue(),
        ),
        (changes) => {
          try {
            readWorkflow(workflowBody(diamond, changes as Record<string, JsonValue>));
          } catch (error) {
            expect(error).toBeInstanceOf(Fault);
          }
        },
      ),
    );
  });
});

describe('the graph', () => {
  const { tasks } = readWorkflow(
    workflowBody(
      { last: ['right', 'left'], left: ['first'], right: ['first'], first: [], alone: [] },
      {},
      { left: { timeout: 30, priority: 4 }, first: { timeout: 0.5, max_retries: 0 }, last: { timeout: 10 } },
    ),
  );

  it('puts every parent before its dependents, and keeps the order of the description where it may', () => {
    const { tasks: nodes, failurePolicy } = workflowGraph(tasks);
    expect(nodes.map(({ nodeId }) => nodeId)).toEqual(['first', 'left', 'right', 'last', 'alone']);
    expect(nodes.find(({ nodeId }) => nodeId === 'last')?.parents).toEqual(['left', 'right']);
    expect(failurePolicy).toBe('fail_fast');
  });

  it('carries the limits of each task', () => {
    const [first, left, right] = workflowGraph(tasks).tasks;
    expect(first).toMatchObject({ retriesMax: 0, attemptTimeoutMs: 500, totalTimeoutMs: 500, priority: 2 });
    expect(left).toMatchObject({
      retriesMax: 3,
      attemptTimeoutMs: 30_000,
      totalTimeoutMs: 30_000,
      priority: 4,
    });
    expect(right).toMatchObject({ attemptTimeoutMs: 300_000, totalTimeoutMs: 600_000 });
  });

  it('takes as long as its longest way, and has the highest of its priorities', () => {
    expect(estimatedSeconds(tasks)).toBe(0.5 + 600 + 10);
    expect(highestPriority(tasks)).toBe(4);
  });
});
