// The import rules by room: classifies each import and looks it up in the table of `rooms.ts`.
import { type Import, importsOf } from './imports.ts';
import type { Offence } from './offence.ts';
import { isService, type Place, placeOf } from './place.ts';
import {
  commonMessages,
  driverRooms,
  drivers,
  freeHouses,
  gatewayImports,
  houseImports,
  pureLibraries,
  serviceImports,
  type Target,
  testImports,
} from './rooms.ts';
import { isTest, type SourceFile } from './source-file.ts';

/** Imports that the room of their file does not allow. Files of free houses, generated code and the root have no rules. */
export function forbiddenImports(sources: readonly SourceFile[]): readonly Offence[] {
  return sources.flatMap((source) => {
    const from = placeOf(source.path);
    const allowed = allowedTargets(source.path, from);
    if (allowed === undefined) return [];
    return importsOf(source)
      .filter(
        (found) =>
          isForTests(source, found) || !targetsOf(from, found).some((target) => allowed.includes(target)),
      )
      .map((found) => ({
        path: source.path,
        line: found.line,
        problem: `${from.house}: ${from.room} may not import ${found.path ?? found.library}`,
      }));
  });
}

/** What ships imports nothing that is made for tests. */
function isForTests(source: SourceFile, found: Import): boolean {
  return !isTest(source.path) && found.path !== undefined && isTest(found.path);
}

/** What a file may import; undefined when it may import anything. A room without a row may import nothing. */
function allowedTargets(path: string, { house, room }: Place): readonly Target[] | undefined {
  if (house === '' || house === 'proto/gen' || freeHouses.includes(house)) return undefined;
  if (isTest(path)) return testImports;
  if (isService(house)) return serviceImports[room] ?? [];
  if (house === 'gateway') return gatewayImports[room] ?? [];
  return houseImports[house] ?? [];
}

/** Every name under which the table may allow this import. */
function targetsOf(from: Place, found: Import): readonly Target[] {
  if (found.path === undefined) return [libraryTarget(found.library ?? '')];
  const to = placeOf(found.path);
  const outside = outsideTargets(to);
  return to.house === from.house ? ['own house', ...ownTargets(to, found), ...outside] : outside;
}

function ownTargets(to: Place, found: Import): readonly Target[] {
  if (to.house === 'foundation') return [];
  const targets = [to.room];
  if (found.path?.endsWith('/store/store.ts')) targets.push('store port');
  if (to.room === 'core' && found.typeOnly) targets.push('core types');
  return targets;
}

function outsideTargets(to: Place): readonly Target[] {
  if (to.house === 'foundation') {
    return driverRooms.includes(to.room) ? ['driver'] : ['foundation', `foundation/${to.room}`];
  }
  if (to.house === 'proto/gen') {
    const isCommon = commonMessages.some((folder) => to.room.startsWith(`${folder}/`));
    return isCommon ? ['generated', 'common messages'] : ['generated'];
  }
  return freeHouses.includes(to.house) ? [to.house] : [];
}

function libraryTarget(name: string): Target {
  const within = (list: readonly string[]) =>
    list.some((entry) => name === entry || name.startsWith(`${entry}/`));
  if (within(pureLibraries)) return 'pure library';
  return within(drivers) ? 'driver' : 'library';
}
