// When a command is asked about instead of carried out, what the question offers, and what goes along with its answer.
import { describe, expect, it } from '@jest/globals';
import { composeChangeSummary } from './compose-change-summary.ts';
import { answered, existing, incident } from './management-answer.for-test.ts';
import { prepareEffects } from './management-effects.ts';
import { pendingExchange, type SessionMessage } from './management-questions.ts';
import type { ManagementAnswer } from './management-wish.ts';
import { planChanges } from './plan-changes.ts';

const a = incident(1);
const b = incident(2);
const people = {
  teams: [],
  users: [
    { id: 'user-1', name: 'Anna Lopez' },
    { id: 'user-2', name: 'Anna Smith' },
  ],
};

function asking(reasoning: string, references: readonly string[], confidence = 0.4): ManagementAnswer {
  const given = answered('status', {}, references);
  return { ...given, answer: { ...given.answer, reasoning, confidence } };
}

function planned(answers: readonly ManagementAnswer[]) {
  const plan = planChanges(
    { answers, command: 'Do it', verified: existing([a, b]) },
    { people, at: '2026-03-01T12:00:00.000Z' },
  );
  if ('fault' in plan) throw new Error(plan.fault.message);
  return plan;
}

function told(answers: readonly ManagementAnswer[]) {
  const effects = prepareEffects(planned(answers), { apply: 'auto', nextId: () => 'unused' });
  return composeChangeSummary(effects, [], answers);
}

describe('an agent in doubt', () => {
  it('keeps the whole command from being carried out', () => {
    const close = answered('status', { status: 'closed' }, [a]);
    expect(planned([close, asking('Which?', [a, b])])).toMatchObject({
      changes: [],
      questions: [{ text: 'Which?' }],
    });
  });

  it.each([
    ['is sure that nothing is wanted', asking('Which?', [], 0.6)],
    ['asks nothing', asking('The command changes no status.', [])],
  ])('does not where it %s', (_, other) => {
    expect(planned([answered('details', { field: 'x', value: 1 }, [a]), other]).changes).toHaveLength(1);
  });

  it('asks once what several agents ask', () => {
    expect(planned([asking('Which?', [a]), asking('Which?', [a])]).questions).toHaveLength(1);
  });
});

describe('a question', () => {
  it('offers the reports that may be meant, numbered, and tells them as used', () => {
    const { summary, referencesUsed, patches } = told([
      asking('Which of 2 reports is meant by "it"?', [a, b, incident(9)]),
    ]);
    expect(summary.split('\n')).toEqual([
      `- Status Updater: Which of 2 reports is meant by "it"? [${a}, ${b}]`,
      `- Status Updater: 1. report 0 (completed) [${a}]`,
      `- Status Updater: 2. report 1 (completed) [${b}]`,
      '',
      expect.stringMatching(/^Summary: Nothing was changed yet: /),
    ]);
    expect([referencesUsed.map(({ referenceId }) => referenceId), patches]).toEqual([[a, b], []]);
  });

  it('offers the people of a name, for the reports that are to be assigned', () => {
    const { summary, referencesUsed } = told([
      answered('assigner', { assignee_id: 'Anna' }, [a]),
      answered('status', { status: 'closed' }, [a]),
    ]);
    expect(summary.split('\n').slice(0, 3)).toEqual([
      `- Task Assigner: Who is meant by "Anna"? [${a}]`,
      `- Task Assigner: 1. user Anna Lopez [${a}]`,
      `- Task Assigner: 2. user Anna Smith [${a}]`,
    ]);
    expect(referencesUsed).toHaveLength(1);
  });
});

describe('what goes along with an answer', () => {
  const user = (content: string): SessionMessage => ({ role: 'user', content });
  const asked: SessionMessage = { role: 'assistant', content: told([asking('Which?', [a])]).summary };
  const done: SessionMessage = {
    role: 'assistant',
    content: 'Summary: The command was about 1 report: 1 changed.',
  };

  it('is the command with every question since', () => {
    const exchange = [user('Close it'), asked, user('hm'), asked];
    expect(pendingExchange([user('How many?'), done, ...exchange])).toEqual(exchange);
  });

  it.each([
    ['the newest answer asks nothing', [user('Close it'), asked, user('the first'), done]],
    ['there is none', []],
    ['its command is out of sight', [asked]],
    [
      'a report only quotes such a line',
      [user('List'), { ...done, content: `${asked.content}\nSummary: 1 report.` }],
    ],
  ])('is nothing where %s', (_, messages) => {
    expect(pendingExchange(messages)).toEqual([]);
  });
});
