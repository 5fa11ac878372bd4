// Addresses, corners, blocks and streets as people write them.

import { describe, expect, it } from '@jest/globals';
import { findStreets } from './street-finder.ts';

describe('findStreets', () => {
  it.each([
    ['Hydrant leaking at 1468 Centre St, Roslindale', 'address', '1468 Centre St'],
    ['33 forest st Roxbury. Tire on hydrant.', 'address', '33 forest st'],
    ['This douche at 403 w first street waters his grass', 'address', '403 w first street'],
    ['Trash at 64-66 Dickens st, Dorchester', 'address', '64-66 Dickens st'],
    ['Cap off fire hydrant across from 200 Clarendon.', 'address', '200 Clarendon'],
    [
      'Coming from Storrow Drive at Beacon St, there are 3 lanes.',
      'intersection',
      'Storrow Drive & Beacon St',
    ],
    ['Corner of champney street and Justin road', 'intersection', 'champney street & Justin road'],
    ['near intersection of Montague and Mellen Streets', 'intersection', 'Montague & Mellen Streets'],
    ['You wait at Moreland and Warren for the light', 'intersection', 'Moreland & Warren'],
    ['crossing Potomac Avenue at E St. SE', 'intersection', 'Potomac Avenue & E St. SE'],
    [
      'Light out on Columbus btwn Greenwich Park and Mass Ave.',
      'block',
      'Columbus between Greenwich Park & Mass Ave',
    ],
    ['potholes (canterbury street) when you turn', 'street', 'canterbury street'],
    ['Please unclog the storm drain on Blossom', 'street', 'Blossom'],
    ['Pave Brookline Ave in hospital area!!!!', 'street', 'Brookline Ave'],
    ['Mudslide on Highway 31', 'street', 'Highway 31'],
  ])('reads "%s" as %s', (text, kind, label) => {
    const [found] = findStreets(text);
    expect({ kind: found?.kind, label: found?.label }).toEqual({ kind, label });
  });

  it.each([
    'The bike lane is blocked on the street',
    'Old street light not replaced with new LED street lamps.',
    'U-turn lane is unnecessary',
    'BUSES ILLEGALLY BLOCKING BIKE LANE',
    'Started at 10 AM today',
    'It happens on Monday and on Facebook',
    'There are 5/6 lanes of traffic',
    'They are forced to use street to walk',
  ])('finds no street in "%s"', (text) => expect(findStreets(text)).toEqual([]));

  it('gives spans that cut the name out of the text, without the full stop of the sentence', () => {
    const text = 'It blocks the lane into Summer Street. Every day.';
    const [found] = findStreets(text);
    expect(text.slice(found?.start, found?.end)).toBe('Summer Street');
  });
});
