// The figures of the entity scorer on a handful of texts whose names nobody can miss.
import { describe, expect, it } from '@jest/globals';
import { scoreEntities } from './score-entities.ts';

const text = 'I saw Jessica Miller in Chicago';
const person = { text: 'Jessica Miller', start: 6, end: 20, type: 'person' };
const city = { text: 'Chicago', start: 24, end: 31, type: 'location' };

async function figure(name: string, rows: Parameters<typeof scoreEntities>[0]) {
  return (await scoreEntities(rows)).find(({ metric }) => metric === name);
}

describe('the entity scorer', () => {
  it('gives full marks for exact spans and kinds', async () => {
    const rows = [{ id: 'a', text, entities: [person, city] }];
    expect(await figure('f1', rows)).toEqual({ metric: 'f1', value: 1, n: 2 });
  });

  it.each([
    ['a wrong kind', [{ ...person, type: 'product' }, city]],
    ['a span that is off by one', [{ ...person, start: 7 }, city]],
  ])('counts %s as not found and as found in vain', async (_what, entities) => {
    const rows = [{ id: 'a', text, entities }];
    expect(await figure('precision', rows)).toMatchObject({ value: 0.5 });
    expect(await figure('recall', rows)).toMatchObject({ value: 0.5 });
  });

  it('tells each kind for itself', async () => {
    const rows = [{ id: 'a', text, entities: [{ ...person, type: 'product' }, city] }];
    expect(await figure('f1_location', rows)).toEqual({ metric: 'f1_location', value: 1, n: 1 });
    expect(await figure('f1_person', rows)).toEqual({ metric: 'f1_person', value: 0, n: 0 });
  });

  it('names the row and the field that it cannot read', async () => {
    await expect(scoreEntities([{ id: 'b', text, entities: 'none' }])).rejects.toThrow(/^b: entities/);
    await expect(scoreEntities([{ id: 'c', entities: [] }])).rejects.toThrow(/^c: text/);
  });
});
