// Which answers are envelopes, outputs and failures, and which are none of them.
import { describe, expect, it } from '@jest/globals';
import { answerForm } from './answer-form.ts';
import type { JsonObject } from './json.ts';

describe('an answer', () => {
  it.each<[JsonObject, string]>([
    [{ output: {} }, 'envelope'],
    [{ output: { output: 'a text' }, reasoning: 'x' }, 'envelope'],
    [{ output: {}, error_code: null, error_message: null }, 'envelope'],
    [{}, 'output'],
    [{ plate: 'B', error_message: 'none' }, 'output'],
    [{ error_code: 'tool_error' }, 'failure'],
    [{ error_code: 'tool_error', output: null }, 'failure'],
  ])('%j is one: %s', (answer, form) => expect(answerForm(answer)).toEqual({ form }));

  it.each<[JsonObject, string]>([
    [{ output: [1] }, 'output'],
    [{ output: null }, 'output'],
    [{ output: 'a text', reasoning: 'x' }, 'output'],
    [{ output: null, error_code: null }, 'output'],
    [{ output: {}, error_code: 'tool_error' }, 'error_code'],
    [{ output: 'a text', error_code: '' }, 'error_code'],
    [{ error_code: null }, 'error_code'],
    [{ error_code: 7 }, 'error_code'],
  ])('%j is none, for its %s', (answer, field) => {
    expect(answerForm(answer)).toEqual({ violations: [{ field, reason: expect.any(String) }] });
  });
});
