// What general rules find for output keys that they have never seen, and what they leave out.
import { describe, expect, it } from '@jest/globals';
import { createOutputCheck } from '../../../../foundation/json/output-check.ts';
import { loadNameRecognizer } from '../../store/entity-model.ts';
import { loadSentimentModel } from '../../store/sentiment-model.ts';
import { describe as describeText } from '../entity/entity-skill.ts';
import type { JsonObject, SkillAnswer } from '../skill.ts';
import { timeOf } from '../temporal/temporal-skill.ts';
import { sourceText } from './literal-rules.ts';
import { offlineAnswer } from './offline-answer.ts';

const outputs = createOutputCheck();
const models = { names: loadNameRecognizer(), sentiment: loadSentimentModel(), categories: new Map() };
const referenceMs = Date.parse('2026-01-20T12:00:00Z');
const point = { type: 'Point', coordinates: [-71.06, 42.35] };

/** Places come from lists that are large; here one that stands in the text. */
function located(text: string): SkillAnswer {
  const start = text.indexOf('Main Street');
  const nothing = { reasoning: '', references: [] };
  if (start < 0) return { ...nothing, output: {}, confidence: 0.1, spans: {} };
  const output = { location_text: 'Main Street', geo_location: point };
  return { ...nothing, output, confidence: 0.5, spans: { location_text: [{ start, end: start + 11 }] } };
}

function answer(text: string, schema: JsonObject, more: JsonObject = {}) {
  const input = { text, ...more };
  const source = {
    ...{ text: sourceText({ input }), input, geo: located(text) },
    time: timeOf({ text, referenceMs, timeZone: 'UTC' }),
    entity: describeText({ text, places: [] }, models),
  };
  return offlineAnswer(schema, source, outputs);
}

const text =
  'Yesterday 3 cars were damaged on Main Street, severity high. No injuries. The company Acme Construction was called. Residents are angry and furious.';

describe('a key', () => {
  it.each([
    ['severity', { enum: ['low', 'medium', 'high'] }, 'high'],
    ['cars_damaged', { type: 'integer' }, 3],
    ['injuries', { type: 'boolean' }, false],
    ['where', { type: 'string' }, 'Main Street'],
    ['geo_point', { type: 'object' }, point],
    ['event_date', { type: 'string', format: 'date' }, '2026-01-19'],
    ['summary', { type: 'string' }, 'Yesterday 3 cars were damaged on Main Street, severity high.'],
    ['company', { type: 'string' }, 'Acme Construction'],
    ['sentiment', { enum: ['positive', 'negative', 'neutral', 'mixed'] }, 'negative'],
  ])('%s of schema %j is filled', (key, schema, expected) => {
    expect(answer(text, { [key]: schema }).output).toEqual({ [key]: expected });
  });

  it.each([
    ['nobody names', { colour: { type: 'string' } }],
    ['has choices of which none is named', { severity: { enum: ['minor', 'major'] } }],
    ['has a number among several that none belongs to', { price: { type: 'number' } }],
    ['is a fact that the text says nothing of', { flooded: { type: 'boolean' } }],
    ['wants another type than what was found', { summary: { type: 'string', maxLength: 5 } }],
  ])('that %s is left out', (_name, schema) => {
    expect(answer('On 3 of 5 days something happened', schema).output).toEqual({});
  });

  it('is taken from the input, or from what another agent found, where it stands under its name', () => {
    const schema = { ticket: { type: 'string' }, team: { type: 'string' } };
    const more = { ticket: 'T-1', 'agent-2_output': { team: 'roads' } };
    expect(answer('Nothing', schema, more).output).toEqual({ ticket: 'T-1', team: 'roads' });
  });

  it('is no choice that the text denies', () => {
    const schema = { kind: { enum: ['fire', 'leak'] } };
    expect(answer('There was no fire but a leak', schema).output).toEqual({ kind: 'leak' });
  });

  it('is true when the text names it', () => {
    const schema = { injuries: { type: 'boolean' } };
    expect(answer('Two people had injuries', schema).output).toEqual({ injuries: true });
  });

  it('names the place in the text where it was read', () => {
    const { spans } = answer(text, { severity: { enum: ['high'] }, cars: { type: 'integer' } });
    const words = Object.entries(spans).map(([key, [span]]) => [key, text.slice(span?.start, span?.end)]);
    expect(words).toEqual([
      ['severity', 'high'],
      ['cars', '3'],
    ]);
  });
});

describe('an answer by rules', () => {
  it('is valid against the schema but for required keys that nothing fills', () => {
    const schema = {
      ...{ type: 'object', required: ['colour'] },
      properties: { severity: { $ref: '#/$defs/level' }, colour: { type: 'string' } },
      $defs: { level: { enum: ['high'] } },
    };
    expect(outputs.problemsOf(answer(text, schema).output, schema)).toEqual([
      expect.stringContaining("'colour'"),
    ]);
  });

  it('says what it did and how unsure it is', () => {
    const { reasoning, confidence } = answer(text, { severity: { enum: ['high'] }, colour: {} });
    expect(reasoning).toBe('General rules, without a model, filled severity and left out colour.');
    expect(confidence).toBeGreaterThan(0.3);
    expect(answer('Nothing', { colour: {} }).confidence).toBeLessThan(0.3);
  });
});
