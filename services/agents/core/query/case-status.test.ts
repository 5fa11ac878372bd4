// Statuses as states of cases.

import { describe, expect, it } from '@jest/globals';
import { caseStatuses, isDone, notTakenUp } from './case-status.ts';

describe('states of cases', () => {
  it('join what nobody has taken up', () => {
    const statuses = [
      { key: 'completed', count: 2 },
      { key: 'in_progress', count: 3 },
      { key: 'processing', count: 1 },
      { key: 'failed', count: 1 },
    ];
    expect(caseStatuses(statuses)).toEqual([
      { key: notTakenUp, count: 4 },
      { key: 'in_progress', count: 3 },
    ]);
  });

  it('end with resolved and closed alone', () => {
    const done = ['completed', 'pending', 'resolved', 'closed'].filter((key) => isDone({ key, count: 1 }));
    expect(done).toEqual(['resolved', 'closed']);
  });
});
