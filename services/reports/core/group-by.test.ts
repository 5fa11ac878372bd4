// Which fields reports can be counted by, and what becomes of groups beyond the limit.
import { describe, expect, it } from '@jest/globals';
import { groupPath, measuredPath, withRest } from './group-by.ts';

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

describe('a path to measure', () => {
  it('lies under one of the two documents', () => {
    expect(measuredPath('ingestion_data.size')).toEqual(['ingestion_data', 'size']);
    expect(['status', 'created_by', 'ingestion_data', ''].map(measuredPath)).toEqual(
      Array(4).fill(undefined),
    );
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

  it('measure nothing, and neither does a group called other that they join', () => {
    const largest = [
      { key: 'a', count: 3, value: 1.5 },
      { key: 'other', count: 2, value: 4 },
    ];
    expect(withRest(largest, 6).groups).toEqual([
      { key: 'a', count: 3, value: 1.5 },
      { key: 'other', count: 3 },
    ]);
    expect(withRest(largest, 5).groups).toEqual(largest);
  });
});
