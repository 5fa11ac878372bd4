// Which firms are found by their trade, their people or the list, and which capitals name nobody.
import { describe, expect, it } from '@jest/globals';
import { findFirms } from './firm-finder.ts';

const found = (text: string) => findFirms(text).map(({ start, end }) => text.slice(start, end));

describe('a firm is found', () => {
  it.each([
    ['by its trade', 'Acme Construction left a hole', 'Acme Construction'],
    ['by its trade amid a sentence', 'A truck of Delaney Oil blocks me', 'Delaney Oil'],
    ['by its legal form', 'Our landlord Greenfield Properties LLC is away', 'Greenfield Properties LLC'],
    ['behind plain words', 'The New Hartwell Paving works at night', 'Hartwell Paving'],
    ['with its sons', 'Miller & Sons Plumbing flooded us', 'Miller & Sons Plumbing'],
    ['with its initials', 'J. Derenzo Contracting works at night', 'J. Derenzo Contracting'],
    ['by who works for it', 'Keolis crews left at noon', 'Keolis'],
    ['as a utility that many know', 'then National Grid dug up the road', 'National Grid'],
    ['as a utility in small letters', 'waiting for national grid to work', 'national grid'],
  ])('%s', (_, text, firm) => expect(found(text)).toEqual([firm]));
});

describe('no firm is found', () => {
  it.each([
    ['in a trade alone', 'Construction noise all night'],
    ['in a kind of work', 'Road Construction blocks the lane'],
    ['in a time of work', 'Night Construction by a crew'],
    ['in a public body', 'The Franklin County Energy office is closed'],
    ['in people without a name', 'The crews left'],
    ['in a text that shouts', 'ACME CONSTRUCTION LEFT A HOLE IN THE ROAD'],
    ['in small letters', 'acme construction left a hole'],
  ])('%s', (_, text) => expect(found(text)).toEqual([]));
});
