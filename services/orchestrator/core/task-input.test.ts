// What a task is given: the job's input, and its parents' outputs under names of their own.
import { describe, expect, it } from '@jest/globals';
import { startedRun } from './decide.for-test.ts';
import { approvalNode, planOf, withTasks } from './run-plan.for-test.ts';
import { taskInput } from './task-input.ts';

const job = { question: 'Where?', domain_id: 'city' };

describe('the input of a task', () => {
  it('is the input of the job and the outputs of its own parents', () => {
    const run = startedRun(planOf({ a: [], b: [], join: ['a'] }));
    run.answer('a', { answer: 'A' });
    run.answer('b', { answer: 'B' });
    expect(taskInput(run.state, 'a', job)).toEqual(job);
    expect(taskInput(run.state, 'join', job)).toEqual({ ...job, a_output: { answer: 'A' } });
  });

  it('holds the keys that the agent declares and its parents’ outputs only', () => {
    const run = startedRun(
      withTasks(planOf({ a: [], b: ['a'] }), { b: { inputKeys: ['question', 'absent'] } }),
    );
    run.answer('a', { answer: 'A' });
    expect(taskInput(run.state, 'b', job)).toEqual({ question: 'Where?', a_output: { answer: 'A' } });
  });

  it('keeps the job’s value where a parent’s output would have the same name', () => {
    const run = startedRun(planOf({ a: [], b: ['a'] }));
    run.answer('a', { answer: 'A' });
    expect(taskInput(run.state, 'b', { a_output: 'mine' })).toEqual({ a_output: 'mine' });
  });

  it('tells the model for categories to the agents that name one', () => {
    const graph = planOf({ a: [], b: [] });
    const run = startedRun(withTasks(graph, { b: { inputKeys: ['question'], categoryModel: 'boston311' } }));
    expect(taskInput(run.state, 'a', job)).toEqual(job);
    expect(taskInput(run.state, 'b', job)).toEqual({ question: 'Where?', category_model: 'boston311' });
  });

  it('tells what a person decided', () => {
    const run = startedRun(withTasks(planOf({ ask: [], after: ['ask'] }), { ask: approvalNode() }));
    run.decide('ask', true, 'Fine');
    expect(taskInput(run.state, 'after', {})).toEqual({
      ask_output: { approved: true, by: 'a-user', comment: 'Fine' },
    });
  });
});
