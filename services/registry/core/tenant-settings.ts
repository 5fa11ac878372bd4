// What a tenant sets for all its domains, and the rules for it. Every problem is reported at once.
import type { Violation } from '../../../foundation/fault/fault.ts';
import { refuseProblems } from '../../../foundation/json/document.ts';
import { isTimeZone } from '../../../foundation/json/time-zone.ts';
import { type Budgets, type BudgetsSent, readBudgets } from './budget.ts';

/** The most places of a tenant. */
export const placesMax = 2_000;
/** The most other names of a place. */
export const aliasesMax = 20;
/** The longest name of a place, in code points. */
export const placeNameMax = 200;

/** A position in degrees, WGS 84. */
export interface GeoPoint {
  readonly longitude: number;
  readonly latitude: number;
}

/** A named position. */
export interface Place {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly point: GeoPoint;
}

/** What a tenant set. */
export interface TenantSettings {
  /** Absent when unknown. */
  readonly homeArea?: Place;
  readonly places: readonly Place[];
  /** IANA name; empty for UTC. */
  readonly timeZone: string;
  /** Absent for no bounds. */
  readonly budgets?: Budgets;
}

/** Settings of a tenant that has set nothing. */
export const emptyTenantSettings: TenantSettings = { places: [], timeZone: '' };

/** A place as it is sent: its point may be missing. */
export type PlaceSent = Omit<Place, 'point'> & { readonly point?: GeoPoint | undefined };

/** Settings as they are sent. */
export interface TenantSettingsSent {
  readonly homeArea?: PlaceSent | undefined;
  readonly places: readonly PlaceSent[];
  readonly timeZone: string;
  readonly budgets?: BudgetsSent | undefined;
}

/** The settings when they keep all rules; else Fault `invalid_argument` with the first 100 problems, each with its path. */
export function readTenantSettings(sent: TenantSettingsSent): TenantSettings {
  const problems: Violation[] = [];
  const homeArea = sent.homeArea && readPlace(sent.homeArea, 'home_area', problems);
  if (sent.places.length > placesMax)
    problems.push({ field: 'places', reason: `has more than ${placesMax} places` });
  const places = sent.places
    .slice(0, placesMax)
    .map((place, at) => readPlace(place, `places[${at}]`, problems));
  if (sent.timeZone !== '' && !isTimeZone(sent.timeZone)) {
    problems.push({ field: 'time_zone', reason: 'is not an IANA time zone such as Europe/Madrid' });
  }
  const budgets = readBudgets(sent.budgets, problems);
  refuseProblems(problems);
  return {
    ...(homeArea ? { homeArea } : {}),
    places,
    timeZone: sent.timeZone,
    ...(budgets ? { budgets } : {}),
  };
}

function readPlace(sent: PlaceSent, path: string, problems: Violation[]): Place {
  const { name, aliases, point } = sent;
  checkName(name, `${path}.name`, problems);
  if (aliases.length > aliasesMax)
    problems.push({ field: `${path}.aliases`, reason: `has more than ${aliasesMax} names` });
  for (const [at, alias] of aliases.slice(0, aliasesMax).entries()) {
    checkName(alias, `${path}.aliases[${at}]`, problems);
  }
  if (!point) problems.push({ field: `${path}.point`, reason: 'is required' });
  const { longitude, latitude } = point ?? { longitude: 0, latitude: 0 };
  checkDegrees(longitude, { field: `${path}.point.longitude`, max: 180 }, problems);
  checkDegrees(latitude, { field: `${path}.point.latitude`, max: 90 }, problems);
  return { name, aliases, point: { longitude, latitude } };
}

function checkName(name: string, field: string, problems: Violation[]): void {
  if (name.trim() === '') problems.push({ field, reason: 'must not be blank' });
  else if ([...name].length > placeNameMax)
    problems.push({ field, reason: `has more than ${placeNameMax} characters` });
  else if (/\p{Cc}/u.test(name)) problems.push({ field, reason: 'must not hold control characters' });
}

function checkDegrees(
  degrees: number,
  { field, max }: { field: string; max: number },
  problems: Violation[],
) {
  // Written so that NaN fails too.
  if (!(Math.abs(degrees) <= max)) problems.push({ field, reason: `must lie between -${max} and ${max}` });
}
