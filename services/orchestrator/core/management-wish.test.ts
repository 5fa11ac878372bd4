// What each agent's output wants to change (SPEC S7.3), and which outputs fail the run.
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../foundation/json/json.ts';
import { answered } from './management-answer.for-test.ts';
import { matchAssignee } from './management-people.ts';
import { wishOf } from './management-wish.ts';

const at = '2026-03-01T12:00:00.000Z';
const people = {
  teams: [
    { id: 'team-1', name: 'Roads' },
    { id: 'team-2', name: 'Water Team' },
    { id: 'team-3', name: 'Parks' },
    { id: 'team-4', name: 'parks' },
    { id: 'team-5', name: 'Alex' },
  ],
  users: [
    { id: 'user-1', name: 'maria' },
    { id: 'user-2', name: 'Alex' },
    { id: 'user-3', name: 'ana.lopez' },
    { id: 'user-4', name: 'ana_schmidt' },
  ],
};

const wish = (agent: Parameters<typeof answered>[0], output: JsonObject) =>
  wishOf(answered(agent, output), { people, at });

describe('the name of an assignee', () => {
  it.each([
    ['Maria', 'user-1', 'user'],
    ['  MARIA ', 'user-1', 'user'],
    ['roads', 'team-1', 'team'],
    ['water  team', 'team-2', 'team'],
    ['the Roads team', 'team-1', 'team'],
    ['team Water', 'team-2', 'team'],
    ['TEAM-1', 'team-1', 'team'],
    ['Lopez', 'user-3', 'user'],
    ['Ana Lopez', 'user-3', 'user'],
  ])('%s means the one who has it', (said, id, type) => {
    expect(matchAssignee(said, people)).toMatchObject({ found: { id, type } });
  });

  it.each([
    ['Parks', ['team-3', 'team-4']],
    ['Alex', ['team-5', 'user-2']],
    ['Ana', ['user-3', 'user-4']],
    ['Maria and Roads', ['user-1', 'team-1']],
  ])('%s may mean several', (said, ids) => {
    expect(matchAssignee(said, people)).toEqual({
      several: ids.map((id) => expect.objectContaining({ id })),
    });
  });

  it.each([
    ['Mari', ['user-1']],
    ['Raods', ['team-1']],
    ['Anna Lopez', ['user-3']],
    ['maria team', ['user-1']],
  ])('%s is spelt like another', (said, ids) => {
    expect(matchAssignee(said, people)).toEqual({ alike: ids.map((id) => expect.objectContaining({ id })) });
  });

  it.each(['Nobody', 'Sanitation', 'a', ''])('"%s" means nobody', (said) => {
    expect(matchAssignee(said, people)).toBeUndefined();
  });
});

describe('an assignment', () => {
  it('is kept with the id of the one team or user of the name, and the time of the platform', () => {
    const output = {
      assignee_id: 'Roads',
      assignee_type: 'user',
      assigned_at: '1999-01-01T00:00:00Z',
      reason: 'theirs',
    };
    expect(wish('assigner', output)).toEqual({
      change: {
        management_data: {
          task_details: {
            assignee_id: 'team-1',
            assignee_type: 'team',
            assigned_at: at,
            reason: 'theirs',
            assignee_verified: true,
          },
        },
      },
      reason: 'theirs',
      assignee: { name: 'Roads', verified: true },
    });
  });

  it('keeps a name that nobody has, unverified', () => {
    expect(wish('assigner', { assignee_id: 'Sanitation', assignee_type: 'team' })).toMatchObject({
      change: {
        management_data: {
          task_details: {
            assignee_id: 'Sanitation',
            assignee_type: 'team',
            assignee_verified: false,
            reason: 'As asked',
          },
        },
      },
    });
  });
});

describe('an assignment to a name of several', () => {
  it('is a question that names them', () => {
    expect(wish('assigner', { assignee_id: 'Ana' })).toEqual({
      question: { text: 'Who is meant by "Ana"?', people: ['user ana.lopez', 'user ana_schmidt'] },
    });
    expect(wish('assigner', { assignee_id: 'Raods' })).toEqual({
      question: { text: 'No team or user is called "Raods": is one of these meant?', people: ['team Roads'] },
    });
  });

  it('tells those of one name apart by their ids', () => {
    expect(wish('assigner', { assignee_id: 'PARKS' })).toMatchObject({
      question: { people: ['team Parks (team-3)', 'team parks (team-4)'] },
    });
  });
});

describe('a status', () => {
  it('is the status of the report, with the notes as the reason', () => {
    const output = { status: 'resolved', notes: 'filled', updated_at: 'never', updated_by: 'someone else' };
    expect(wish('status', output)).toEqual({ change: { status: 'resolved' }, reason: 'filled' });
  });
});

describe('a detail', () => {
  it.each([
    [{ field: 'priority', value: 'high' }, { priority: 'high' }],
    [{ field: 'estimated_cost', value: 500 }, { estimated_cost: 500 }],
    [{ field: 'done', value: false }, { done: false }],
    [{ field: 'x', value: null }, { x: null }],
    [
      { field: 'details', value: { priority: 'high', due_date: null } },
      { priority: 'high', due_date: null },
    ],
    [{ field: 'details', value: 'many' }, { details: 'many' }],
  ])('%j is one field of the task', (output, details) => {
    expect(wish('details', output)).toMatchObject({ change: { management_data: { task_details: details } } });
  });

  it.each([
    [{ field: 'Priority', value: 'high' }],
    [{ field: '1st', value: 1 }],
    [{ field: 'a'.repeat(51), value: 1 }],
    [{ field: 'a b', value: 1 }],
    [{ field: '', value: 1 }],
    [{ field: 7, value: 1 }],
    [{ value: 1 }],
    [{ field: 'priority' }],
    [{ field: 'assignee_id', value: 'maria' }],
    [{ field: 'assignee_type', value: 'user' }],
    [{ field: 'assigned_at', value: at }],
    [{ field: 'reason', value: 'x' }],
    [{ field: 'assignee_verified', value: true }],
    [{ field: 'details', value: { priority: 'high', assignee_id: 'maria' } }],
    [{ field: 'details', value: { 'a b': 1 } }],
  ])('%j fails the run', (output) => {
    expect(wish('details', output as JsonObject)).toMatchObject({ fault: { code: 'output_invalid' } });
  });
});

describe('the output of any other agent', () => {
  it('is merged into management_data as it is, a status included', () => {
    const output = { risk: { level: 3 }, status: 'checked' };
    expect(wish('other', output)).toEqual({ change: { management_data: output }, reason: 'As asked' });
  });

  it('may not write the history', () => {
    expect(wish('other', { history: [] })).toMatchObject({ fault: { code: 'output_invalid' } });
  });
});

it.each(['assigner', 'status', 'details', 'other'] as const)(
  'an empty output of %s wants nothing',
  (agent) => {
    expect(wish(agent, {})).toBeUndefined();
  },
);

it('keeps reasons within what a patch can hold', () => {
  const { reason } = wish('status', { status: 'closed', notes: `\0${'🚧'.repeat(1_200)}` }) as {
    reason: string;
  };
  expect([...reason].length).toBeLessThanOrEqual(1_000);
  expect(reason.includes('\0')).toBe(false);
  expect(reason.isWellFormed()).toBe(true);
});
