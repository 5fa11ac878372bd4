// Who may steer a run and when, as tables.
import { describe, expect, it } from '@jest/globals';
import { Fault } from '../../../foundation/fault/fault.ts';
import { newRecord } from './execution-record.for-test.ts';
import type { ExecutionStatus } from './execution-state.ts';
import { requireEffect, requireState, requireSteerer, type Steering } from './run-control.ts';

const statuses: readonly ExecutionStatus[] = [
  'pending',
  'running',
  'paused',
  'cancelling',
  'finishing',
  'completed',
  'failed',
  'cancelled',
];
const ended = ['completed', 'failed', 'cancelled'];

function allows(act: () => void): boolean {
  try {
    act();
    return true;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return false;
  }
}

describe('a state', () => {
  it.each([
    ['cancel', ['pending', 'running', 'paused', 'cancelling']],
    ['pause', ['running']],
    ['resume', ['paused']],
    ['rerun', ended],
  ] as const)('allows to %s where the transition is listed, and nowhere else', (steering, allowed) => {
    expect(statuses.filter((status) => allows(() => requireState(steering, status)))).toEqual(allowed);
  });

  it.each([
    ['cancel', ['cancelling', 'cancelled']],
    ['pause', ['paused']],
    ['resume', ['running', 'finishing', 'completed', 'failed']],
  ] as const)('shows that %s was carried out', (steering, reached) => {
    expect(statuses.filter((status) => allows(() => requireEffect(steering, status)))).toEqual(reached);
  });
});

describe('a person', () => {
  const verbs: readonly Steering[] = ['cancel', 'pause', 'resume', 'rerun'];
  const may = (kind: 'ingest' | 'query', changes: object): Steering[] => {
    const run = newRecord({ kind });
    const caller = { ...run.principal, ...changes };
    return verbs.filter((verb) => allows(() => requireSteerer(caller, run, verb)));
  };

  it.each([
    ['the starter, a viewer', 'ingest', { roles: ['viewer'] }, ['cancel']],
    ['another viewer', 'ingest', { userId: 'u', roles: ['viewer'] }, []],
    ['another editor', 'ingest', { userId: 'u', roles: ['editor'] }, verbs],
    ['another admin', 'ingest', { userId: 'u', roles: ['admin'] }, verbs],
    ['a person without a role', 'ingest', { userId: 'u', roles: [] }, []],
    ['who asked, a viewer', 'query', { roles: ['viewer'] }, ['cancel']],
    ['who asked, an editor', 'query', {}, verbs],
    ['an admin who did not ask', 'query', { userId: 'u', roles: ['admin'] }, []],
    ['a run of the starter', 'ingest', { run: { runId: 'r', capability: 'query', writeTarget: '' } }, []],
  ] as const)('%s may steer a run of the kind %s', (_, kind, changes, expected) => {
    expect(may(kind, changes)).toEqual(expected);
  });
});
