// Causes and wishes in report texts.

import { describe, expect, it } from '@jest/globals';
import { findCauses, findWishes } from './cause-finder.ts';

const said = (incident_id: string, summary: string) => ({
  incident_id,
  status: 'pending',
  created_at: '2024-11-22T00:00:00.000Z',
  summary,
  ingestion_data: {},
  location: null,
  rank: 0,
});

describe('findCauses', () => {
  it('quotes what follows "due to" and its like, with the reports that say it', () => {
    const causes = findCauses([
      said('1', 'Flooded due to a clogged drain.'),
      said('2', 'Flooded, caused by a clogged drain'),
    ]);
    expect(causes).toEqual([{ text: 'a clogged drain', incident_ids: ['1', '2'] }]);
  });

  it('drops a statement that the end of a long summary cuts off', () => {
    const summary = `${'x'.repeat(170)} because of the broken water pi`;
    expect(findCauses([said('1', summary)])).toEqual([]);
  });
});

describe('findWishes', () => {
  it('counts what is asked for by its verb', () => {
    const wishes = findWishes([
      said('1', 'Needs to be repainted soon'),
      said('2', 'Please repaint the lines'),
      said('3', 'please remove it'),
    ]);
    expect(wishes).toEqual([
      { text: 'paint', incident_ids: ['1', '2'] },
      { text: 'remove', incident_ids: ['3'] },
    ]);
  });
});
