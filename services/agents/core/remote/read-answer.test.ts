// What becomes of the text of a model: answers with their defaults, and everything that is wrong with the others.
import { describe, expect, it } from '@jest/globals';
import { createOutputCheck } from '../../../../foundation/json/output-check.ts';
import type { JsonObject } from '../skill.ts';
import { confidenceDefault, type ReadAnswer, readAnswer, reasoningDefault } from './read-answer.ts';

const outputs = createOutputCheck();
const outputSchema: JsonObject = {
  type: 'object',
  properties: {
    kind: { enum: ['leak', 'fire'] },
    count: { type: 'integer' },
    confidence: { type: 'number' },
  },
  required: ['kind'],
};
const sourceText = 'A Leak at the corner, and another leak below';

function read(
  text: string | object,
  more: { readonly schema?: JsonObject; readonly kept?: number } = {},
): ReadAnswer {
  const { schema = outputSchema, kept } = more;
  const written = typeof text === 'string' ? text : JSON.stringify(text);
  const source = { outputSchema: schema, sourceText, shownIds: ['inc_a', 'inc_b'] };
  return readAnswer(
    { text: written, ...source, ...(kept === undefined ? {} : { referencesKept: kept }) },
    outputs,
  );
}

function answerOf(text: string | object, more = {}) {
  const result = read(text, more);
  if ('problems' in result) throw new Error(result.problems.join('; '));
  return result.answer;
}

function problemsOf(text: string | object) {
  const result = read(text);
  return 'problems' in result ? result.problems : [];
}

describe('an answer', () => {
  it('is read with all its parts', () => {
    const envelope = {
      output: { kind: 'leak', count: 2 },
      reasoning: 'Two leaks are named',
      confidence: 0.9,
      references: ['inc_x'],
      spans: { kind: ['Leak'] },
    };
    expect(answerOf(envelope)).toEqual({ ...envelope, spans: { kind: [{ start: 2, end: 6 }] } });
  });

  it.each([
    ['a fence with a language', '```json\n{"output": {"kind": "leak"}}\n```'],
    ['a bare fence', '\n```\n{"output": {"kind": "leak"}}```\n'],
    ['blanks around it', '  {"output": {"kind": "leak"}}\n'],
    ['no envelope', '{"kind": "leak"}'],
  ])('is read in %s', (_name, text) => {
    expect(answerOf(text).output).toEqual({ kind: 'leak' });
  });

  // An expression that tries each way to split the blanks takes longer than anybody waits.
  it.each(['\n', ' ', '\n ', '`', '``\n'])('is told from a fence without end over many of %j', (filling) => {
    const text = `\`\`\`json\n${filling.repeat(200_000)}x`;
    expect(problemsOf(text)).toEqual(['it is not JSON']);
  });

  it('has the confidence and reasoning of its output where it has none of its own, else stock ones', () => {
    const schema = { kind: {}, confidence: {}, reasoning: {} };
    const inner = { output: { kind: 'leak', confidence: 0.3, reasoning: 'It drips' } };
    expect(answerOf(inner, { schema })).toMatchObject({ confidence: 0.3, reasoning: 'It drips' });
    expect(answerOf({ ...inner, confidence: 0.6 }, { schema })).toMatchObject({ confidence: 0.6 });
    const bare = { confidence: confidenceDefault, reasoning: reasoningDefault };
    expect(answerOf({ output: { kind: 'leak' } })).toMatchObject(bare);
    expect(answerOf({ output: { kind: 'leak' }, confidence: 7, reasoning: ' ' })).toMatchObject(bare);
  });

  it('of an agent with nothing to say is empty where its schema allows', () => {
    expect(answerOf({ output: {} }, { schema: { kind: {} } }).output).toEqual({});
  });
});

describe('what is wrong with an answer', () => {
  it.each([
    ['no JSON', 'I would say it leaks', /not JSON/],
    ['JSON before other words', '{"output": {"kind": "leak"}} as you wished', /not JSON/],
    ['a list', '[]', /not a JSON object/],
    ['a choice that is none', { output: { kind: 'flood' } }, /\/kind/],
    ['a missing key', { output: { count: 1 } }, /kind/],
    ['a key that the schema does not name', { output: { kind: 'leak', colour: 'red' } }, /additional/],
    ['a wrong type', { output: { kind: 'leak', count: 'two' } }, /\/count/],
    ['an output that is no object', { output: 'leak' }, /kind/],
  ])('is told for %s', (_name, text, sentence) => {
    expect(problemsOf(text).join('; ')).toMatch(sentence);
  });

  it('is told all at once', () => {
    expect(problemsOf({ output: { kind: 'flood', count: 'two' } })).toHaveLength(2);
  });

  it('is told of more than five keys', () => {
    const keys = ['a', 'b', 'c', 'd', 'e', 'f'];
    const schema = Object.fromEntries(keys.map((key) => [key, {}]));
    const result = read({ output: Object.fromEntries(keys.map((key) => [key, 1])) }, { schema });
    expect('problems' in result && result.problems).toEqual(['output: has 6 keys, at most 5 are allowed']);
  });

  it('holds nothing of a text that is not JSON', () => {
    expect(problemsOf('the secret of the report').join()).not.toContain('secret');
  });
});

describe('references', () => {
  it.each([
    ['numbers of shown reports', [2, '1', '[2]', '#1'], ['inc_b', 'inc_a']],
    ['ids as they stand', ['inc_z', ' inc_b '], ['inc_z', 'inc_b']],
    ['no numbers of reports that were not shown', [0, 3, 99], []],
    ['nothing that is no name', [null, {}, '', ['inc_a'], 'x'.repeat(201)], []],
  ])('are %s', (_name, references, expected) => {
    expect(answerOf({ output: { kind: 'leak' }, references }).references).toEqual(expected);
  });

  it('are cut where a limit is given, and only there', () => {
    const references = Array.from({ length: 60 }, (_, at) => `inc_${at}`);
    const envelope = { output: { kind: 'leak' }, references };
    expect(answerOf(envelope, { kept: 50 }).references).toHaveLength(50);
    expect(answerOf(envelope).references).toHaveLength(60);
  });
});

describe('spans', () => {
  it.each([
    ['words of the text', ['another leak'], [[26, 38]]],
    ['words in other letters', ['CORNER'], [[14, 20]]],
    ['a single text instead of a list', 'Leak', [[2, 6]]],
    ['a range inside the text', [{ start: 2, end: 6 }], [[2, 6]]],
    ['the words where a range does not hold them', [{ start: 0, end: 3, text: 'corner' }], [[14, 20]]],
    ['each place once', ['Leak', { start: 2, end: 6 }], [[2, 6]]],
    [
      'nothing that does not stand there',
      ['fire', { start: 40, end: 99 }, { start: 3, end: 3 }, 4, ''],
      undefined,
    ],
  ])('are %s', (_name, kind, expected) => {
    const { spans } = answerOf({ output: { kind: 'leak' }, spans: { kind } });
    expect(spans.kind?.map(({ start, end }) => [start, end])).toEqual(expected);
  });

  it('are kept for keys of the output alone', () => {
    const { spans } = answerOf({ output: { kind: 'leak' }, spans: { count: ['Leak'], kind: ['Leak'] } });
    expect(Object.keys(spans)).toEqual(['kind']);
  });
});
