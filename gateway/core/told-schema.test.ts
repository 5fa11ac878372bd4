// From schemas that check requests to schemas that describe them.
import { describe, expect, it } from '@jest/globals';
import { bareSchema, toldQuery, toldSchema } from './told-schema.ts';

describe('a schema as it is told', () => {
  it('is JSON Schema 2020-12, at every depth', () => {
    const point = { type: 'array', items: [{ type: 'number', minimum: -180 }, { type: 'number' }] };
    const told = { type: 'array', prefixItems: [{ type: 'number', minimum: -180 }, { type: 'number' }] };
    const deep = { anyOf: [{ type: 'array', items: { type: 'object', properties: { point } } }] };
    expect(toldSchema(deep)).toEqual({
      anyOf: [{ type: 'array', items: { type: 'object', properties: { point: told } } }],
    });
    expect(toldSchema({ type: 'object', additionalProperties: point })).toEqual({
      type: 'object',
      additionalProperties: told,
    });
  });

  it('says null by its type, and by its words where it has some', () => {
    expect(toldSchema({ type: 'object', nullable: true })).toEqual({ type: ['object', 'null'] });
    expect(toldSchema({ type: 'string', enum: ['a'], nullable: true })).toEqual({
      type: ['string', 'null'],
      enum: ['a', null],
    });
  });

  it('keeps formats that others know and drops our own', () => {
    expect(toldSchema({ type: 'string', format: 'plain-text', minLength: 1 })).toEqual({
      type: 'string',
      minLength: 1,
    });
    expect(toldSchema({ type: 'string', format: 'uuid' })).toEqual({ type: 'string', format: 'uuid' });
  });

  it('has its title for a description, which no longer completes "must be"', () => {
    const told = toldSchema({ type: 'string', pattern: '^a$', description: 'an a', title: 'First letter' });
    expect(told).toEqual({ type: 'string', pattern: '^a$', description: 'First letter' });
  });

  it('is not wrapped when it stands alone', () => {
    const bare = { $ref: '#/components/schemas/Agent' };
    expect(bareSchema({ allOf: [bare] })).toEqual(bare);
    for (const kept of [{ allOf: [bare], type: 'object' }, { allOf: [bare, {}] }, bare]) {
      expect(bareSchema(kept)).toEqual(kept);
    }
  });

  it('does not take a property for a keyword', () => {
    const schema = { type: 'object', properties: { title: { type: 'string' }, items: { type: 'string' } } };
    expect(toldSchema(schema)).toEqual(schema);
  });
});

describe('a query as it is told', () => {
  it('has numbers where texts hold whole numbers', () => {
    const whole = {
      type: 'string',
      pattern: '^-?[0-9]{1,15}$',
      description: 'a whole number',
      title: 'Size',
    };
    const version = { type: 'string', pattern: '^[1-9][0-9]{0,8}$' };
    expect(toldQuery({ type: 'object', properties: { whole, version, name: { type: 'string' } } })).toEqual({
      type: 'object',
      properties: {
        whole: { type: 'integer', description: 'Size' },
        version: { type: 'integer', minimum: 1 },
        name: { type: 'string' },
      },
    });
  });
});
