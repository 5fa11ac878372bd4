// A command, the questions about it and their answers, as the messages of a session tell them.
import { describe, expect, it } from '@jest/globals';
import { chosenOf, conversationOf, type SpokenMessage } from './dialogue.ts';

const [one, two] = [`inc_${'1'.repeat(32)}`, `inc_${'2'.repeat(32)}`];
const closing = 'Summary: Nothing was changed yet: answer in this session.';
const reports: SpokenMessage = {
  role: 'assistant',
  content: [
    `- Status Updater: Which of 2 reports is meant by "the leak"? [${one}, ${two}]`,
    `- Status Updater: 1. Leak at Harrison, [call] "now" (pending) [${one}]`,
    `- Status Updater: 2. Leak on Elm St (completed) [${two}]`,
    '',
    closing,
  ].join('\n'),
};
const people: SpokenMessage = {
  role: 'assistant',
  content: [
    `- Task Assigner: Who is meant by "Anna"? [${one}]`,
    `- Task Assigner: 1. user Anna Lopez [${one}]`,
    `- Task Assigner: 2. user Anna Smith (0192f1a0-b2c3-7d4e-8f90-123456789abc) [${one}]`,
    '',
    closing,
  ].join('\n'),
};
const command: SpokenMessage = { role: 'user', content: 'Close the leak' };
const isCommand = (text: string) => /^(?:close|assign)\b/i.test(text);

function choice(question: SpokenMessage, answer: string) {
  const { answered } = conversationOf(answer, [command, question], isCommand);
  return answered[0] && chosenOf(answered[0]);
}

describe('an answer about reports', () => {
  it.each([
    ['the first one', [one]],
    ['2', [two]],
    ['the one on Elm', [two]],
    ['Harrison please', [one]],
    ['both', [one, two]],
    ['the last', [two]],
  ])('chooses: %s', (answer, expected) => {
    expect(choice(reports, answer)).toEqual(expected);
  });

  it.each(['the leak', 'the one on Oak', 'the third', 'hm', 'yes'])(
    'chooses nothing of what was offered: %s',
    (answer) => {
      expect(choice(reports, answer)).toBeUndefined();
    },
  );
});

describe('an answer about people', () => {
  it.each([
    ['the first one', ['Anna Lopez']],
    ['Anna Lopez', ['Anna Lopez']],
    ['Smith', ['0192f1a0-b2c3-7d4e-8f90-123456789abc']],
    ['I mean Anna Smith', ['0192f1a0-b2c3-7d4e-8f90-123456789abc']],
  ])('chooses: %s', (answer, expected) => {
    expect(choice(people, answer)).toEqual(expected);
  });

  it('is kept where it names somebody else', () => {
    expect(choice(people, 'Bob')).toBeUndefined();
    const { answered } = conversationOf('Bob', [command, people], isCommand);
    expect(answered).toMatchObject([{ kind: 'person', about: 'Anna', answer: 'Bob' }]);
  });
});

describe('a conversation', () => {
  it('is the command with every answer, also over several questions', () => {
    const { command: text, answered } = conversationOf(
      'Lopez',
      [command, reports, { role: 'user', content: 'the first' }, people],
      isCommand,
    );
    expect(text).toBe('Close the leak');
    expect(answered.map(({ kind, answer }) => [kind, answer])).toEqual([
      ['reports', 'the first'],
      ['person', 'Lopez'],
    ]);
  });

  it('begins anew with a command', () => {
    expect(conversationOf('Close the pothole', [command, reports], isCommand)).toMatchObject({
      command: 'Close the pothole',
      answered: [],
    });
  });

  it.each(['no', 'never mind', 'none of them', 'Cancel.', 'forget it'])('ends with: %s', (text) => {
    expect(conversationOf(text, [command, reports], isCommand)).toMatchObject({
      command: '',
      takenBack: true,
    });
  });

  it('takes no words of a report for a question', () => {
    const quoting = { ...reports, content: `- What: Who is meant by it (no report)\n\n${closing}` };
    expect(conversationOf('the first', [command, quoting], isCommand).answered).toEqual([]);
  });
});
