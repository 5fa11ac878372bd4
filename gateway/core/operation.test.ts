// What the description says of refusals.
import { describe, expect, it } from '@jest/globals';
import { refusal } from './operation.ts';

describe('the example of a refusal', () => {
  const detailsOf = (status: number, sentence: string): unknown =>
    (refusal(status, sentence) as { content: Record<string, { example: { details: unknown } }> }).content[
      'application/problem+json'
    ]?.example.details;

  it.each([
    [400, 'rows[0].expected: must name one path: a or b', 'rows[0].expected', 'must name one path: a or b'],
    [413, 'images[0]: must be smaller', 'images[0]', 'must be smaller'],
  ])('names the field of what was sent: %i', (status, sentence, field, reason) => {
    expect(detailsOf(status, sentence)).toEqual([{ field, reason }]);
  });

  it('says more of it on API v2', () => {
    expect(detailsOf(422, 'tasks[0].name: is required')).toEqual([
      {
        ...{ field: 'tasks[0].name', reason: 'is required', message: 'tasks[0].name is required' },
        ...{ invalid_value: null, constraint: 'is required' },
      },
    ]);
  });

  it.each([
    [400, 'The body is not valid JSON'],
    [400, 'Not so: it ends too early'],
    [409, 'circular: a -> b -> a'],
  ])('takes no other sentence apart: %i %s', (status, sentence) => {
    expect(detailsOf(status, sentence)).toEqual([]);
  });
});
