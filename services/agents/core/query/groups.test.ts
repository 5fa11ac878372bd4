// Groups: counting, merging and reading entity keys.

import { describe, expect, it } from '@jest/globals';
import type { FoundReport } from '../report-data.ts';
import { entityGroups, groupReports, mergeGroups } from './groups.ts';

const report = (incident_id: string, ingestion_data: FoundReport['ingestion_data']): FoundReport => ({
  incident_id,
  status: 'pending',
  created_at: '2024-11-22T00:00:00.000Z',
  summary: '',
  ingestion_data,
  location: null,
  rank: 0,
});

describe('groupReports', () => {
  it('counts arrays per element, each report once per value, the largest first', () => {
    const reports = [
      report('1', { key_phrases: ['a', 'b', 'a'] }),
      report('2', { key_phrases: ['b'] }),
      report('3', {}),
    ];
    const result = groupReports(reports, { group_by: 'ingestion_data.key_phrases', limit: 5 });
    expect(result).toEqual({
      total: 3,
      groups: [
        { key: 'b', count: 2 },
        { key: 'a', count: 1 },
      ],
    });
  });

  it('gives an element that is an object its JSON text, which entityGroups reads', () => {
    const reports = [report('1', { entities: [{ text: 'MBTA', type: 'organization' }] })];
    const { groups } = groupReports(reports, { group_by: 'ingestion_data.entities', limit: 5 });
    expect(entityGroups(groups)).toEqual([{ key: 'MBTA', type: 'organization', count: 1 }]);
  });
});

describe('entityGroups', () => {
  it('takes plain strings and broken JSON as they are', () => {
    expect(
      entityGroups([
        { key: 'BPD', count: 1 },
        { key: '{oops', count: 1 },
      ]).map(({ key }) => key),
    ).toEqual(['BPD', '{oops']);
  });
});

describe('mergeGroups', () => {
  it('joins case, plural and full stops under the most frequent writing', () => {
    const merged = mergeGroups([
      { key: 'potholes', count: 3 },
      { key: 'Pothole', count: 2 },
      { key: 'Centre St.', count: 1 },
      { key: 'Centre St', count: 1 },
    ]);
    expect(merged).toEqual([
      { key: 'potholes', count: 5 },
      { key: 'Centre St.', count: 2 },
    ]);
  });
});
