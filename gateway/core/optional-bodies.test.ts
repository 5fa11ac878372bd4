// Bodies that may be left out.
import { describe, expect, it } from '@jest/globals';
import { withOptionalBodies } from './optional-bodies.ts';

function isNeeded(schema: object): unknown {
  const requestBody = { required: true, content: { 'application/json': { schema } } };
  const { paths } = withOptionalBodies({ paths: { '/a': { post: { requestBody }, get: {} } } });
  const { post, get } =
    (paths as Record<string, Record<string, { requestBody?: { required: unknown } }>>)['/a'] ?? {};
  expect(get).toEqual({});
  return post?.requestBody?.required;
}

describe('a body', () => {
  it.each([{ type: 'object' }, { type: 'object', properties: { a: {} }, required: [] }])(
    'may be left out where it needs no member: %j',
    (schema) => {
      expect(isNeeded(schema)).toBe(false);
    },
  );

  it.each([
    { type: 'object', required: ['a'] },
    { type: 'object', minProperties: 1 },
    { type: 'string' },
    { allOf: [{ $ref: '#/components/schemas/A' }] },
  ])('is needed otherwise: %j', (schema) => {
    expect(isNeeded(schema)).toBe(true);
  });
});
