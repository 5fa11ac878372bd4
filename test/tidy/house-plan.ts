// Each service and the gateway have the same rooms under the same names; this finds what is missing and what is unknown.
import type { Offence } from './offence.ts';
import { isService, placeOf, stem } from './place.ts';
import { houseFiles, rooms } from './rooms.ts';

/** Missing main, config or app; unknown rooms; loose source files. Takes all paths of the checkout. */
export function housePlanOffences(paths: readonly string[]): readonly Offence[] {
  const houses = new Map<string, string[]>();
  for (const path of paths) {
    const { house } = placeOf(path);
    if (isService(house) || house === 'gateway') houses.set(house, [...(houses.get(house) ?? []), path]);
  }
  return [...houses].flatMap(([house, files]) => [
    ...missingFiles(house, files),
    ...unknownRooms(house, files),
  ]);
}

function missingFiles(house: string, files: readonly string[]): Offence[] {
  return houseFiles
    .filter((name) => !files.includes(`${house}/${name}`))
    .map((name) => ({ path: `${house}/${name}`, line: 1, problem: 'is missing' }));
}

function unknownRooms(house: string, files: readonly string[]): Offence[] {
  const folders: readonly string[] = house === 'gateway' ? rooms.gateway : rooms.service;
  const stems = houseFiles.map(stem);
  return files.flatMap((path) => {
    const [room = '', ...rest] = path.slice(house.length + 1).split('/');
    const isLoose = rest.length === 0 && room.endsWith('.ts') && !stems.includes(stem(room));
    const isUnknown = rest.length > 0 && !folders.includes(room);
    if (!isLoose && !isUnknown) return [];
    return [{ path, line: 1, problem: isLoose ? 'lies in no room' : `lies in an unknown room, ${room}/` }];
  });
}
