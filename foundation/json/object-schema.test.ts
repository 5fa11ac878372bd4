// The two forms of a schema of an object.
import { describe, expect, it } from '@jest/globals';
import { closedObjectSchema, schemaKeys } from './object-schema.ts';

describe('a schema of an object', () => {
  const answer = { type: 'string' };

  it('says the same with properties and as a bare map of keys', () => {
    const written = { $schema: 'any', type: 'object', properties: { answer } };
    expect(schemaKeys(written)).toEqual({ answer });
    expect(schemaKeys({ $schema: 'any', answer })).toEqual({ answer });
    const closed = { type: 'object', properties: { answer }, additionalProperties: false };
    expect(closedObjectSchema(written)).toEqual(closed);
    expect(closedObjectSchema({ answer })).toEqual(closed);
  });

  it('is closed even where it is written to be open', () => {
    const open = { properties: { answer }, additionalProperties: true, required: ['answer'] };
    expect(closedObjectSchema(open)).toEqual({ ...open, additionalProperties: false });
  });

  it('names no key where properties are none', () => {
    expect(schemaKeys({ properties: [] })).toEqual({});
  });
});
