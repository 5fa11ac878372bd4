// What workers may answer, and what is recorded of it.
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../../foundation/json/json.ts';
import { readAttemptResult } from './attempt-result.ts';

describe('the result of an attempt', () => {
  it('is an envelope with all that the worker knows', () => {
    const sent = {
      ...{ output: { plate: 'B-XY 1' }, reasoning: 'read it', confidence: 0.5, references: ['r1'] },
      spans: { plate: [{ start: 0, end: 6 }] },
    };
    expect(readAttemptResult(sent)).toEqual({ result: { answer: { ...sent, runtime: 'worker' } } });
  });

  it.each<JsonObject>([{ output: 'a text' }, { plate: 'B-XY 1' }, {}])(
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

  it('is a fault when its output is larger than an output may be', () => {
    const read = readAttemptResult({ output: { text: 'x'.repeat(64 * 1024) } });
    expect(read).toMatchObject({ result: { fault: { code: 'output_too_large' } } });
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
  ])('is refused as %j', (sent, field) => {
    expect(readAttemptResult(sent)).toMatchObject({ violations: [{ field }] });
  });
});
