// What commands say of errors: a sentence with its fix, and never a secret.
import { describe, expect, it } from '@jest/globals';
import { DatabaseError } from 'pg';
import { invalidArgument } from '../../foundation/fault/fault.ts';
import { failureSentence } from './failure-sentence.ts';

describe('failureSentence', () => {
  it('blanks a secret wherever it stands, as it is and as a URL spells it', () => {
    const error = new Error('no way from postgresql://admin:p%40ss%20word@db:5432 with p@ss word');
    const said = failureSentence(error, ['p@ss word']);
    expect(said).not.toMatch(/p@ss|p%40ss/);
    expect(said).toContain('no way from');
  });

  it('leaves a sentence as it is when there is no secret, or an empty one', () => {
    expect(failureSentence(new Error('plain'), [''])).toBe('plain');
  });

  it('names every violation of a fault', () => {
    const fault = invalidArgument([
      { field: 'name', reason: 'must not be blank' },
      { field: 'id', reason: 'must be a UUID' },
    ]);
    expect(failureSentence(fault)).toBe('name must not be blank; id must be a UUID');
  });

  it('tells every address that could not be reached', () => {
    const error = new AggregateError([
      new Error('connect ECONNREFUSED ::1:5'),
      new Error('connect ECONNREFUSED 127.0.0.1:5'),
    ]);
    expect(failureSentence(error)).toBe('connect ECONNREFUSED ::1:5; connect ECONNREFUSED 127.0.0.1:5');
  });

  it('says what to do when a table is missing', () => {
    const error = Object.assign(new DatabaseError('relation "registry.tenants" does not exist', 0, 'error'), {
      code: '42P01',
    });
    expect(failureSentence(error)).toBe(
      'relation "registry.tenants" does not exist (SQLSTATE 42P01): run db-init first',
    );
  });
});
