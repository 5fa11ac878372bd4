// Turns an understood question into attempts, the nearest to its words first. One attempt is a few searches that share no report, so that
// their counts add up: the index asks for one area and one value of a field at a time, and a question may mean several.

import { distanceKm } from '../geo/distance.ts';
import type { TenantPlace } from '../geo/mention.ts';
import { streetVariants } from '../geo/street-variants.ts';
import type { AskedArea } from '../question/areas-asked.ts';
import { type Condition, type ConditionField, conditionPaths } from '../question/conditions.ts';
import { correctedWord, isKnownThing } from '../question/spelling.ts';
import type { TimeRange } from '../question/time-range.ts';
import { type Alternative, choicesOf, type Topic } from '../question/topics.ts';
import type { Understanding } from '../question/understand.ts';
import { isCapitalised, isShouted, normaliseName, wordsOf } from '../text/words.ts';
import { areaRadiusKm } from './areas.ts';
import { cellOf } from './cells.ts';
import { type Breadth, clausesMax, clausesOf, type Search, sizeOf, thingsOf } from './search.ts';

/** Searches without common reports that together find what the question means. */
export interface Attempt {
  readonly breadth: Breadth;
  readonly alternatives: readonly Alternative[];
  /** Empty where a condition fits no value that there is. */
  readonly searches: readonly Search[];
}

/** The values that a field has among all reports of the domain. */
export type KnownValues = ReadonlyMap<ConditionField, readonly string[]>;

/** The most searches of one attempt. */
export const searchesMax = 12;

/** Fields whose values must be known before the question can be asked. */
export function fieldsToKnow({ conditions }: Understanding): ConditionField[] {
  return conditions.filter(({ field, negated }) => negated || field === 'assignee').map(({ field }) => field);
}

/** The attempts to make in turn until one finds something; at least one. None lets go of a place, a time or a condition. */
export function attemptsOf(question: Understanding, values: KnownValues): Attempt[] {
  const { alternatives } = question.subject;
  const attempt = (breadth: Breadth, wanted: readonly Alternative[]): Attempt => ({
    breadth,
    alternatives: wanted,
    searches: searchesFor(question, values, { breadth, wanted }),
  });
  if (alternatives.length === 0) {
    const isNarrowed = question.areas.length > 0 || question.conditions.length > 0;
    return [attempt(isNarrowed ? 'exact' : 'unsearched', [])];
  }
  const things = alternatives.map(thingsOf);
  const mended = alternatives.map((topics) => topics.map(mendedTopic));
  const known = mended.map((topics) => topics.filter(isThing)).filter((topics) => topics.length > 0);
  const mayLetGo = !question.isPart && !namesOwn(question, alternatives.flat());
  const words = known.flatMap((topics) => topics.map((topic) => [topic]));
  const isMended = mended.some((topics, at) =>
    topics.some((topic, nth) => topic !== alternatives[at]?.[nth]),
  );
  return [
    attempt('exact', alternatives),
    ...(isMended ? [attempt('spelling', mended)] : []),
    ...(sizeOf(things) < sizeOf(alternatives) ? [attempt('thing', things)] : []),
    // Words of which nothing is known may be what matters, so what is found without them is told as that.
    ...(mayLetGo && known.length > 0 && sizeOf(known) < sizeOf(mended) ? [attempt('word', known)] : []),
    ...(mayLetGo && words.length > known.length ? [attempt('word', words)] : []),
  ];
}

/** Whether one of the words is a name, which stands for nothing else: it has a capital that no sentence gave it. */
function namesOwn({ text }: Understanding, topics: readonly Topic[]): boolean {
  if (isShouted(text)) return false;
  const names = wordsOf(text).filter((word) => !word.opensSentence && isCapitalised(word.text));
  return topics.some(
    (topic) => !isThing(topic) && names.some((name) => name.text.toLowerCase() === topic.said),
  );
}

/** Whether every word that is searched for is one that reports are known to be about. */
export function isAllKnown({ subject }: Understanding): boolean {
  return subject.alternatives.every((topics) => topics.every(isThing));
}

function isThing({ choices }: Topic): boolean {
  return choices.some((choice) => choice.split(' ').every(isKnownThing));
}

function mendedTopic(topic: Topic): Topic {
  const word = correctedWord(topic.word);
  return word === undefined ? topic : { word, said: word, choices: choicesOf(word) };
}

interface Wanted {
  readonly breadth: Breadth;
  readonly wanted: readonly Alternative[];
}

function searchesFor(question: Understanding, known: KnownValues, { breadth, wanted }: Wanted): Search[] {
  const { range, without, areas } = question;
  const times = range === undefined ? [{}] : [range, ...question.moreRanges].map(frameOf);
  const excluded = without.flatMap(({ choices }) => choices);
  const places =
    areas.length === 0
      ? [{}]
      : areas.flatMap((area, at) => partsOf(area, areas.slice(0, at), question.places));
  const conditions = valuesOf(question.conditions, known);
  const frames = times.flatMap((time) => conditions.map((condition) => ({ ...time, ...condition })));
  return places.flatMap((place) =>
    frames.map((frame): Search => {
      const required = place.required ?? [];
      const clauses = clausesOf(wanted, Math.floor(clausesMax / Math.max(1, required.length)));
      const search = { ...frame, ...place, breadth, alternatives: wanted, clauses };
      const bare = { ...search, namesPlace: required.length > 0 };
      const shunned = [...excluded, ...(place.excluded ?? [])];
      return shunned.length === 0 ? bare : { ...bare, excluded: shunned };
    }),
  );
}

function frameOf({ from, to }: TimeRange): Pick<Search, 'from' | 'to'> {
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

/** A place as the part of a search. */
type PlacePart = Pick<Search, 'required' | 'excluded' | 'near' | 'radius_km' | 'polygon'>;

/**
 * Reports of a place: so near to it; or those that name it, and those that name no listed place and lie nearest to it. `before` are places
 * whose reports are already there.
 */
function partsOf(
  { label, point, radiusKm }: AskedArea,
  before: readonly AskedArea[],
  places: readonly TenantPlace[],
): PlacePart[] {
  const names = namesOf(label, places);
  if (point !== undefined && radiusKm !== undefined) return [{ near: point, radius_km: radiusKm }];
  const taken = before
    .filter((area) => area.radiusKm === undefined)
    .flatMap((area) => namesOf(area.label, places));
  const longer = places
    .flatMap(allNames)
    .filter((name) => !names.includes(name) && names.some((own) => name.includes(own)));
  const naming: PlacePart = { required: names, excluded: [...new Set([...longer, ...taken])] };
  if (point === undefined) return [naming];
  return [
    naming,
    { polygon: cellOf(point, places, areaRadiusKm), excluded: shunnedAround(point, names, places) },
  ];
}

/** The names of the place first, then those of all others, the nearest first: reports that name one are its own. */
function shunnedAround(
  point: NonNullable<AskedArea['point']>,
  names: readonly string[],
  places: readonly TenantPlace[],
): string[] {
  const far = (place: TenantPlace): number =>
    place.point === undefined ? Infinity : distanceKm(point, place.point);
  return [...new Set([...names, ...[...places].sort((a, b) => far(a) - far(b)).flatMap(allNames)])];
}

function allNames({ name, aliases }: TenantPlace): string[] {
  return [name, ...aliases].map(normaliseName);
}

function namesOf(label: string, places: readonly TenantPlace[]): string[] {
  const listed = places.find(({ name }) => name === label);
  return listed === undefined ? streetVariants(label) : allNames(listed);
}

/** Every way to have one value of each condition. */
function valuesOf(conditions: readonly Condition[], known: KnownValues): Pick<Search, 'status' | 'where'>[] {
  return conditions.reduce<Pick<Search, 'status' | 'where'>[]>(
    (frames, condition) => {
      const path = conditionPaths[condition.field];
      const values = meantValues(condition, known.get(condition.field) ?? []);
      return frames.flatMap((frame) =>
        values.map((value) =>
          path === 'status'
            ? { ...frame, status: value }
            : { ...frame, where: { ...frame.where, [path]: value } },
        ),
      );
    },
    [{}],
  );
}

function meantValues({ field, values, negated }: Condition, known: readonly string[]): readonly string[] {
  if (negated) return known.filter((value) => !values.includes(value));
  if (field !== 'assignee') return values;
  const plain = (name: string): string =>
    normaliseName(name.replaceAll('_', ' ')).replace(
      /^(?:team|department|crew|user) | (?:team|department|crew)$/g,
      '',
    );
  return known.filter((value) => values.some((name) => plain(name) === plain(value)));
}
