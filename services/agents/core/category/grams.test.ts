// What two texts have in common for a category model.
import { describe, expect, it } from '@jest/globals';
import { gramKinds, gramsOf } from './grams.ts';

function shared(kind: (typeof gramKinds)[number], one: string, other: string): number {
  const place = gramKinds.indexOf(kind);
  const hashes = (text: string) =>
    new Set(gramsOf(text).flatMap((gram) => (gram.kind === place ? [gram.hash] : [])));
  return hashes(one).intersection(hashes(other)).size;
}

describe('two texts', () => {
  it.each([
    ['forms of a word', 'parked', 'Parking'],
    ['accents and case', 'CAFÉ', 'cafe'],
    ['house numbers', '12', '4711'],
    ['kinds of apostrophes', 'don’t', "don't"],
  ])('with other %s have the word in common', (_, one, other) => {
    expect(shared('word', one, other)).toBe(1);
  });

  it('have pairs in common only in the same order', () => {
    expect(shared('word', 'red light', 'red light')).toBe(3);
    expect(shared('word', 'red light', 'light red')).toBe(2);
  });

  it('have letters in common in spite of a slip', () => {
    expect(shared('word', 'crosswalk', 'croswalk')).toBe(0);
    expect(shared('letters', 'crosswalk', 'croswalk')).toBeGreaterThan(10);
  });

  it('have ideas in common in other words', () => {
    expect(shared('word', 'Motorists never yield', "drivers don't yielding")).toBe(1);
    expect(shared('idea', 'Motorists never yield', "drivers don't yielding")).toBe(6);
  });

  it('without a word have nothing in common', () => {
    expect(gramsOf(' ... — ')).toEqual([]);
  });
});

describe('every gram', () => {
  it('stands inside the text', () => {
    const text = 'Ünïcode 🔥 straße, don’t!? 42nd';
    for (const { start, end } of gramsOf(text)) {
      expect(start).toBeLessThan(end);
      expect(end).toBeLessThanOrEqual(text.length);
    }
  });
});
