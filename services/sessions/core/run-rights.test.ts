// What the scope of a run's token allows.
import { describe, expect, it } from '@jest/globals';
import { requireDeletion, requirePerson, requirePlatform, requireWriter } from './run-rights.ts';

const denied = expect.objectContaining({ reason: 'permission_denied' });
const refusal = (check: () => void): unknown => {
  try {
    check();
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('run rights', () => {
  it.each([
    ['query', 'qry_1', true],
    ['management', 'qry_1', true],
    ['ingestion', 'qry_1', false],
    ['shadow_query', 'qry_1', false],
    ['query', 'qry_2', false],
    ['query', '', false],
  ])('of a %s run with target "%s" to write qry_1: %s', (capability, writeTarget, allowed) => {
    const error = refusal(() => requireWriter({ capability, writeTarget }, 'qry_1'));
    expect(error).toEqual(allowed ? undefined : denied);
  });

  it('let no person write a query, and no run act as a person', () => {
    expect(refusal(() => requireWriter(undefined, 'qry_1'))).toEqual(denied);
    expect(refusal(() => requirePerson(undefined))).toBeUndefined();
    expect(refusal(() => requirePerson({ capability: 'query', writeTarget: 'qry_1' }))).toEqual(denied);
  });

  it.each([
    ['deletion', 'sess_1', true],
    ['deletion', 'sess_2', false],
    ['deletion', '', false],
    ['query', 'sess_1', false],
    ['management', 'sess_1', false],
  ])('of a %s run with target "%s" to delete sess_1: %s', (capability, writeTarget, allowed) => {
    const error = refusal(() => requireDeletion({ capability, writeTarget }, 'sess_1'));
    expect(error).toEqual(allowed ? undefined : denied);
  });

  it('let no person delete, and nobody what has no name', () => {
    expect(refusal(() => requireDeletion(undefined, 'sess_1'))).toEqual(denied);
    expect(refusal(() => requireDeletion({ capability: 'deletion', writeTarget: '' }, ''))).toEqual(denied);
  });

  it('let only the platform itself ask for the unsettled jobs of a tenant', () => {
    expect(refusal(() => requirePlatform({ capability: 'reconcile', writeTarget: '' }))).toBeUndefined();
    expect(refusal(() => requirePlatform({ capability: 'query', writeTarget: 'qry_1' }))).toEqual(denied);
    expect(refusal(() => requirePlatform(undefined))).toEqual(denied);
  });
});
