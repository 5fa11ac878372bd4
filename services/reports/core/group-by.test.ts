// Which fields reports can be counted by, and what becomes of groups beyond the limit.
import { describe, expect, it } from '@jest/globals';
import { groupPath, withRest } from './group-by.ts';

describe('a path to group by', () => {
  it('is a column or lies under one of the two documents', () => {
    expect(groupPath('status')).toEqual(['status']);
    expect(groupPath('management_data.task_details.assignee_id')).toEqual([
      ...['management_data', 'task_details', 'assignee_id'],
    ]);
    const refused = [
      '',
      'raw_text',
      'ingestion_data',
      'ingestion_data.',
      'ingestion_data..a',
      'status.x',
      'a.b',
    ];
    expect(refused.map(groupPath)).toEqual(refused.map(() => undefined));
    expect(groupPath(`ingestion_data${'.a'.repeat(10)}`)).toBeUndefined();
  });
});

describe('groups beyond the limit', () => {
  it('join a group that is itself called other', () => {
    const largest = [
      { key: 'other', count: 5 },
      { key: 'a', count: 3 },
    ];
    expect(withRest(largest, 10)).toEqual({
      groups: [
        { key: 'a', count: 3 },
        { key: 'other', count: 7 },
      ],
      total: 10,
    });
    expect(withRest(largest, 8).groups).toEqual(largest);
  });
});
