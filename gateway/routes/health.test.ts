// What the states of the neighbours mean for the whole.
import { describe, expect, it } from '@jest/globals';
import type { NeighbourStates } from '../clients/neighbour-health.ts';
import { statusOf } from './health.ts';

const whole: NeighbourStates = {
  registry: 'serving',
  reports: 'serving',
  sessions: 'serving',
  orchestrator: 'serving',
};

describe('the platform', () => {
  it.each<[string, Partial<NeighbourStates>, string]>([
    ['healthy while every neighbour serves', {}, 'healthy'],
    ['degraded without one neighbour', { sessions: 'unreachable' }, 'degraded'],
    ['degraded while one neighbour lacks its store', { reports: 'not_serving' }, 'degraded'],
    [
      'degraded without PostgreSQL, since documents are still read',
      { registry: 'not_serving', orchestrator: 'not_serving' },
      'degraded',
    ],
    ['unhealthy without the registry', { registry: 'unreachable' }, 'unhealthy'],
    [
      'unhealthy when no neighbour serves',
      {
        registry: 'not_serving',
        reports: 'not_serving',
        sessions: 'unreachable',
        orchestrator: 'unreachable',
      },
      'unhealthy',
    ],
  ])('is %s', (_what, states, status) => {
    expect(statusOf({ ...whole, ...states })).toBe(status);
  });
});
