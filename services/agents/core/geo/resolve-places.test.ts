// Which place a name means, by what stands around it, with the real gazetteer.

import { describe, expect, it } from '@jest/globals';
import { loadGazetteer } from '../../store/gazetteer.ts';
import { namesResolvedMax, resolvePlaces } from './resolve-places.ts';

const gazetteer = loadGazetteer();

/** Places of the bracketed names of a text, as `name kind country.admin1`. */
function resolved(
  marked: string,
  home?: readonly [number, number],
  likely: ReadonlySet<string> = new Set(),
): string[] {
  const names: { start: number; end: number; text: string }[] = [];
  let text = '';
  for (const [at, part] of marked.split(/[[\]]/).entries()) {
    if (at % 2 === 1) names.push({ start: text.length, end: text.length + part.length, text: part });
    text += part;
  }
  const places = resolvePlaces(text, names, { gazetteer, likely, ...(home === undefined ? {} : { home }) });
  return places.map((name) =>
    name === undefined ? '-' : `${name.place.kind} ${name.place.country}.${name.place.admin1}`,
  );
}

describe('a name of a place', () => {
  it.each([
    ['Floods hit [Paris].', ['town FR.11']],
    ['Floods hit [Paris], [Texas].', ['town US.TX', 'division US.TX']],
    ['[Springfield], [IL]', ['town US.IL', 'division US.IL']],
    ['the [U.S.] and the [UK]', ['country US.', 'country GB.']],
    ['in [Georgia], [Florida] and [Alabama]', ['division US.GA', 'division US.FL', 'division US.AL']],
    ['[Armenia], [Azerbaijan] and [Georgia]', ['country AM.', 'country AZ.', 'country GE.']],
    ['[Ohio], [Indiana], [Iowa]', ['division US.OH', 'division US.IN', 'division US.IA']],
    ['[China], [Japan] and [Laos]', ['country CN.', 'country JP.', 'country LA.']],
    ['[Polk County], [Iowa]', ['county US.IA', 'division US.IA']],
    ["[Peru]'s [Cusco Region]", ['country PE.', 'division PE.08']],
    ['[Atlantis Under Sea]', ['-']],
  ])('of "%s" is read by its context', (marked, places) => {
    const found = resolved(marked);
    expect(found[0]).toBe(places[0]);
    expect(found.slice(0, 2)).toEqual(places.slice(0, 2));
  });

  it('means the place of that name near to where the reader works', () => {
    expect(resolved('[Cambridge]')).toEqual(['town GB.ENG']);
    expect(resolved('[Cambridge]', [-71.06, 42.36])).toEqual(['town US.MA']);
  });

  it('means the town of a likelier country where both are about as large, and no town that is only also called so', () => {
    expect(resolved('[Cambridge]', undefined, new Set(['US']))).toEqual(['town US.MA']);
    expect(resolved('[Paris]', undefined, new Set(['US']))).toEqual(['town FR.11']);
    expect(resolved('[Villanueva]', undefined, new Set(['US']))).not.toEqual(['town US.FL']);
  });

  it('is read as elsewhere in the text where its state is named', () => {
    expect(resolved('A fire in [Dallas], [Oregon]. People of [Dallas] fled.')[2]).toBe('town US.OR');
  });

  it('is surer with its state than without', () => {
    const certainty = (text: string, end: number) => {
      const names = [
        { start: 0, end: 11, text: 'Springfield' },
        { start: 13, end, text: text.slice(13, end) },
      ];
      return resolvePlaces(text, names.slice(0, text.length > 11 ? 2 : 1), { gazetteer })[0]?.certainty ?? 0;
    };
    expect(certainty('Springfield, Illinois', 21)).toBeGreaterThan(certainty('Springfield', 11));
  });

  it('stays open behind the most names that are resolved', () => {
    const text = 'Boston, '.repeat(namesResolvedMax + 5);
    const names = Array.from({ length: namesResolvedMax + 5 }, (_, at) => ({
      start: 8 * at,
      end: 8 * at + 6,
      text: 'Boston',
    }));
    const places = resolvePlaces(text, names, { gazetteer });
    expect(places).toHaveLength(names.length);
    expect(places.filter((place) => place !== undefined)).toHaveLength(namesResolvedMax);
  });
});
