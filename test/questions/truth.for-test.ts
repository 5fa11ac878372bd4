// What is true of the sample, told without the code under test: a filter is a list of plain conditions over the rows of the file. Only the
// labels of the questions are judged by it.

import type { SampleReport } from './question-stage.for-test.ts';

/** Which reports a question means; absent parts do not narrow. */
export interface Truth {
  /** Patterns one of which the text or the address must have. */
  readonly about?: readonly string[];
  /** Patterns all of which it must have. */
  readonly all?: readonly string[];
  /** Patterns none of which it may have. */
  readonly without?: readonly string[];
  /** Listed places in one of which it must be. */
  readonly in?: readonly string[];
  readonly near?: { readonly place: string; readonly km: number };
  /** ISO with offset, inclusive and exclusive. */
  readonly from?: string;
  readonly to?: string;
  readonly status?: readonly string[];
  readonly notStatus?: readonly string[];
  readonly assignee?: string;
  readonly priority?: string;
  readonly source?: string;
}

/** A listed place. */
export interface TruthPlace {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly point: { readonly coordinates: readonly [number, number] };
}

/** How far from its place a report may lie that names none. */
const reachKm = 2.5;

/** The reports that are meant, in the order of the file. */
export function trueReports(
  truth: Truth,
  sample: readonly SampleReport[],
  places: readonly TruthPlace[],
): readonly SampleReport[] {
  return sample.filter(
    (report) =>
      isAbout(report, truth) &&
      isThen(report, truth) &&
      isSo(report, truth) &&
      isThere(report, truth, places),
  );
}

function textOf({ text, address = '' }: SampleReport): string {
  return `${text} \n${address}`;
}

function isAbout(report: SampleReport, { about, all = [], without = [] }: Truth): boolean {
  const has = (pattern: string): boolean => new RegExp(pattern, 'i').test(textOf(report));
  return (about?.some(has) ?? true) && all.every(has) && !without.some(has);
}

function isThen({ reported_at: at }: SampleReport, { from, to }: Truth): boolean {
  const time = Date.parse(at);
  return (from === undefined || time >= Date.parse(from)) && (to === undefined || time < Date.parse(to));
}

function isSo(report: SampleReport, truth: Truth): boolean {
  const { status = '', assignee, priority, source } = report;
  return (
    (truth.status?.includes(status) ?? true) &&
    !(truth.notStatus?.includes(status) ?? false) &&
    (truth.assignee === undefined || assignee === truth.assignee) &&
    (truth.priority === undefined || priority === truth.priority) &&
    (truth.source === undefined || source === truth.source)
  );
}

function isThere(report: SampleReport, { in: wanted, near }: Truth, places: readonly TruthPlace[]): boolean {
  const centre = places.find(({ name }) => name === near?.place);
  const isNear = near === undefined || (centre !== undefined && kmTo(report, centre) <= near.km);
  return isNear && (wanted?.some((name) => isIn(report, name, places)) ?? true);
}

/** A report is in the places that it names, and where it names none in the nearest. */
function isIn(report: SampleReport, wanted: string, places: readonly TruthPlace[]): boolean {
  const named = places.filter((place) => namesOf(place).some((name) => isNamed(report, name, places)));
  if (named.length > 0) return named.some(({ name }) => name === wanted);
  const [nearest] = places.toSorted((a, b) => kmTo(report, a) - kmTo(report, b));
  return nearest?.name === wanted && kmTo(report, nearest) <= reachKm;
}

/** "West Roxbury" names no Roxbury. */
function isNamed(report: SampleReport, name: string, places: readonly TruthPlace[]): boolean {
  const longer = places
    .flatMap(namesOf)
    .filter((other) => other !== name && other.toLowerCase().includes(name.toLowerCase()));
  const has = (words: string): boolean =>
    new RegExp(`\\b${words.split(' ').join('\\W+')}\\b`, 'i').test(textOf(report));
  return has(name) && !longer.some(has);
}

function namesOf({ name, aliases = [] }: TruthPlace): string[] {
  return [name, ...aliases];
}

/** On a sphere, by the law of cosines. */
function kmTo({ lat = Number.NaN, lon = Number.NaN }: SampleReport, place: TruthPlace): number {
  const [longitude, latitude] = place.point.coordinates;
  const radians = Math.PI / 180;
  const cosine =
    Math.sin(lat * radians) * Math.sin(latitude * radians) +
    Math.cos(lat * radians) * Math.cos(latitude * radians) * Math.cos((lon - longitude) * radians);
  return 6371.0088 * Math.acos(Math.min(1, cosine));
}
