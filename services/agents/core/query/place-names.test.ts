// Phrases that are names of places.

import { describe, expect, it } from '@jest/globals';
import { placeNamesOf } from './place-names.ts';

describe('a phrase', () => {
  const isPlace = placeNamesOf(
    [{ name: 'East Boston', aliases: ['Eastie'] }],
    [
      {
        incident_id: 'inc_1',
        status: 'pending',
        created_at: '2024-11-22T00:00:00.000Z',
        summary: '',
        ingestion_data: {
          location_text: 'Washington & Albano, Roslindale',
          entities: [
            { text: 'Elm St.', type: 'place' },
            { text: 'MBTA', type: 'organization' },
          ],
        },
        location: null,
        rank: 0,
      },
    ],
  );

  it.each(['Albano', 'east boston', 'Eastie', 'Elm St', 'roslindale'])('"%s" is a place', (phrase) =>
    expect(isPlace(phrase)).toBe(true),
  );

  it.each(['MBTA', 'bus stop', 'wash', 'Elm Street Band'])('"%s" is none', (phrase) =>
    expect(isPlace(phrase)).toBe(false),
  );
});
