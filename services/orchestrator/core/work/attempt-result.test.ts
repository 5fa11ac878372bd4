// What workers may answer, and what is recorded of it.
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../../foundation/json/json.ts';
import { createOutputCheck } from '../../../../foundation/json/output-check.ts';
import { judgedResult, readAttemptResult } from './attempt-result.ts';
import { workerAnswer } from './planned-work.ts';

describe('the result of an attempt', () => {
  it('is an envelope with all that the worker knows', () => {
    const sent = {
      ...{ output: { plate: 'B-XY 1' }, reasoning: 'read it', confidence: 0.5, references: ['r1'] },
      spans: { plate: [{ start: 0, end: 6 }] },
    };
    expect(readAttemptResult(sent)).toEqual({ result: { answer: { ...sent, runtime: 'worker' } } });
  });

  it.each<JsonObject>([{ plate: 'B-XY 1' }, { error_message: 'none' }, {}])(
    'is the output itself otherwise: %j',
    (sent) => {
      const told = { reasoning: '', confidence: 1, references: [], spans: {}, runtime: 'worker' };
      expect(readAttemptResult(sent)).toEqual({ result: { answer: { output: sent, ...told } } });
    },
  );

  it('is why there is none', () => {
    expect(readAttemptResult({ error_code: 'tool_error', error_message: 'no camera' })).toEqual({
      result: { fault: { code: 'tool_error', message: 'no camera' } },
    });
    expect(readAttemptResult({ error_code: 'tool_error' })).toMatchObject({
      result: { fault: { message: 'The worker failed with tool_error' } },
    });
  });

  it('is told which codes there are when it names another', () => {
    const read = readAttemptResult({ error_code: 'bad_luck' });
    expect(read).toMatchObject({ violations: [{ field: 'error_code' }] });
    expect(JSON.stringify(read)).toContain('model_error, model_timeout');
  });

  it.each([
    [{ output: {}, confidence: 1.1 }, 'confidence'],
    [{ output: {}, confidence: 'high' }, 'confidence'],
    [{ output: {}, reasoning: 7 }, 'reasoning'],
    [{ output: {}, references: [7] }, 'references[0]'],
    [{ output: {}, spans: { a: [{ start: 3, end: 2 }] } }, 'spans'],
    [{ output: {}, spans: [] }, 'spans'],
    [{ output: [1] }, 'output'],
    [{ output: null }, 'output'],
    [{ output: {}, error_code: 'tool_error' }, 'error_code'],
    [{ error_code: null }, 'error_code'],
    [{ output: { plates: ['B\0'] } }, 'output.plates[0]'],
    [{ output: { 'plate\0': 'B' } }, 'output'],
    [{ output: {}, reasoning: '\0' }, 'reasoning'],
    [{ output: {}, spans: { 'a\0': [] } }, 'spans'],
    [{ plate: { of: '\0' } }, 'plate.of'],
    [{ 'plate\0': 'B' }, 'body'],
    [{ error_code: 'tool_error', error_message: '\0' }, 'error_message'],
  ])('is refused as %j', (sent, field) => {
    expect(readAttemptResult(sent)).toMatchObject({ violations: [{ field }] });
  });
});

describe('what a result comes to', () => {
  const outputs = createOutputCheck();
  const schema = { plate: { type: 'string' }, year: { type: 'integer' } };
  const comesTo = (output: JsonObject, of?: JsonObject) =>
    judgedResult({ answer: workerAnswer(output) }, outputs, of);

  it('is what was answered, where nobody said what it must be or it is that', () => {
    const answer = workerAnswer({ plate: 'B', year: 7 });
    expect(comesTo(answer.output, schema)).toEqual({ answer });
    const many = workerAnswer({ a: 1, b: 2, c: 3, d: 4, e: 5, f: null });
    expect(comesTo(many.output)).toEqual({ answer: many });
  });

  it('is a fault that names everything that is wrong with it by the schema of its agent', () => {
    const message =
      'The answer of the worker is not valid: output: / must NOT have additional properties: "colour"; output: /year must be integer';
    expect(comesTo({ year: '7', colour: 'red' }, schema)).toEqual({
      fault: { code: 'output_invalid', message },
    });
    expect(comesTo({ a: 1 }, {})).toMatchObject({ fault: { code: 'output_invalid' } });
  });

  it('is a fault when the output is larger than one may be', () => {
    const output = { plate: 'x'.repeat(64 * 1024) };
    expect(comesTo(output, schema)).toMatchObject({ fault: { code: 'output_too_large' } });
    expect(comesTo({ ...output, year: '' }, schema)).toMatchObject({ fault: { code: 'output_invalid' } });
    expect(comesTo(output)).toMatchObject({ fault: { code: 'output_too_large' } });
  });

  it('is the failure that the worker told', () => {
    const fault = { code: 'tool_error', message: 'no camera' };
    expect(judgedResult({ fault }, outputs, schema)).toEqual({ fault });
  });
});
