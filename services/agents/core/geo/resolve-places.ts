// Which place each name of a text means. Every name is weighed with all others: the area that follows it, the countries and towns that the
// text speaks of, how well known each reading is, and how near it is to where the reader works. It is given the names and finds none.

import type { Gazetteer, NameKind, Place, Position } from '../gazetteer.ts';
import type { Span } from '../skill.ts';
import { closeness, liesIn, sizeOf } from './containment.ts';
import { distanceKm } from './distance.ts';
import { candidatesOf, type PlaceCandidate } from './place-candidates.ts';
import { placeKey } from './place-key.ts';

const rounds = 3;
const gainFollowed = 5;
const gainFollowedApart = 3;
const gainSameName = 2.5;
const gainInArea = 1.8;
const gainLikely = 0.5;
const gainTogether = 1.2;
const gainInList = 0.8;
const gainMax = 3.2;
const listMin = 3;
const gainHome = 3;
const homeReachKm = 150;
const fadeCodeUnits = 400;
const lossSecondSense = 0.4;

/** The most names of one text that are resolved; later ones stay open. */
export const namesResolvedMax = 300;
/** How many names before and behind a name are heard about it, and how many of its readings, the likeliest ones, are weighed. */
const neighboursMax = 40;
const readingsMax = 40;
const holdersMax = 25;

/** A name of a place in a text. */
export interface NameInText extends Span {
  readonly text: string;
}

/** What is known beside the text. */
export interface PlaceContext {
  readonly gazetteer: Gazetteer;
  /** Where the reader works; absent when no place is nearer than another. */
  readonly home?: Position;
  /** Countries that the text speaks of without naming them ("Barangay"), ISO 3166 alpha-2. */
  readonly countries?: readonly string[];
  /** Countries whose towns are somewhat likelier than others', ISO 3166 alpha-2; absent when all are alike. */
  readonly likely?: ReadonlySet<string>;
}

/** What a name was found to mean. */
export interface ResolvedName extends NameInText {
  readonly place: Place;
  readonly nameKind: NameKind;
  /** 0 to 1: how much better the reading is than the next one elsewhere, and how much of the text supports it. */
  readonly certainty: number;
  /** Whether another name of the text bears the reading out. */
  readonly supported: boolean;
}

interface Open extends NameInText {
  readonly key: string;
  readonly candidates: readonly PlaceCandidate[];
  /** Support from the name directly behind or before, one for each candidate. */
  readonly direct: readonly number[];
}

/**
 * What each name means, in the order given; undefined where the gazetteer knows no place of that name, and behind the first
 * `namesResolvedMax` names.
 */
export function resolvePlaces(
  text: string,
  allNames: readonly NameInText[],
  context: PlaceContext,
): readonly (ResolvedName | undefined)[] {
  const names = allNames.slice(0, namesResolvedMax);
  const known = new Map<string, readonly PlaceCandidate[]>();
  const candidates = names.map((name) => {
    const listed = known.get(name.text) ?? candidatesOf(name.text, context.gazetteer);
    known.set(name.text, listed);
    return listed;
  });
  const lists = listsOf(text, names, candidates);
  const open = names.map((name, at): Open => {
    const listed = lists[at];
    const inList = (place: Place): number =>
      listed !== undefined && sizeOf(place) === listed ? gainInList : 0;
    const beside = { text, names, candidates, at };
    const direct = (candidates[at] ?? []).map(({ place }) =>
      listed === undefined ? directSupport(beside, place) : inList(place),
    );
    return likeliest({ ...name, key: placeKey(name.text), candidates: candidates[at] ?? [], direct });
  });
  let chosen = open.map((name) => bestOf(name, () => 0, context));
  for (let round = 1; round < rounds; round += 1) {
    const before = chosen;
    chosen = open.map((name, at) =>
      bestOf(name, (place, index) => supportOf({ place, index, at }, open, before), context),
    );
  }
  return allNames.map((_, at) => finish(open[at], chosen[at]));
}

/** The name with only those readings that can still win. */
function likeliest(name: Open): Open {
  if (name.candidates.length <= readingsMax) return name;
  const kept = name.candidates
    .map((candidate, index) => ({ candidate, direct: name.direct[index] ?? 0 }))
    .sort((a, b) => b.candidate.prior + b.direct - a.candidate.prior - a.direct)
    .slice(0, readingsMax);
  return {
    ...name,
    candidates: kept.map(({ candidate }) => candidate),
    direct: kept.map(({ direct }) => direct),
  };
}

/**
 * For each name in a list of names alike ("Ohio, Indiana and Iowa", "China, Japan, Laos") the size of what is listed, so that none of it is
 * taken to lie in the next; undefined for all other names.
 */
function listsOf(
  text: string,
  names: readonly NameInText[],
  candidates: readonly (readonly PlaceCandidate[])[],
): (number | undefined)[] {
  const sizes = candidates.map(([best]) => (best === undefined ? undefined : sizeOf(best.place)));
  const lists: (number | undefined)[] = names.map(() => undefined);
  for (let from = 0; from < names.length; ) {
    let to = from + 1;
    let closed = false;
    for (; to < names.length && sizes[to] === sizes[from]; to += 1) {
      const between = text.slice(names[to - 1]?.end ?? 0, names[to]?.start ?? 0);
      if (!/^\s*,\s*(?:(?:and|or)\s+)?$|^\s+(?:and|or|&)\s+$/.test(between)) break;
      closed ||= /and|or|&/.test(between);
    }
    if (to - from >= listMin || (closed && to - from > 1)) lists.fill(sizes[from], from, to);
    from = to;
  }
  return lists;
}

interface Choice {
  readonly candidate: PlaceCandidate;
  readonly index: number;
  readonly score: number;
  readonly support: number;
  /** Score of the best reading somewhere else; absent when there is no other. */
  readonly rival?: number;
}

function bestOf(
  name: Open,
  supportFor: (place: Place, index: number) => number,
  context: PlaceContext,
): Choice | undefined {
  const scored = name.candidates
    .map((candidate, index) => {
      const support = (name.direct[index] ?? 0) + supportFor(candidate.place, index);
      return {
        candidate,
        index,
        support,
        score: candidate.prior + support + outsideSupport(candidate, context),
      };
    })
    .sort((a, b) => b.score - a.score || a.index - b.index);
  const [best] = scored;
  if (best === undefined) return undefined;
  const rival = scored.find(
    ({ candidate }) => distanceKm(candidate.place.point, best.candidate.place.point) > 50,
  );
  return rival === undefined ? best : { ...best, rival: rival.score };
}

/** Nearness to the reader, countries that the text's words give away, and such as are likelier than others for a town. */
function outsideSupport(
  { place, nameKind }: PlaceCandidate,
  { home, countries = [], likely }: PlaceContext,
): number {
  const near = home === undefined ? 0 : gainHome * Math.exp(-distanceKm(place.point, home) / homeReachKm);
  const small = place.kind === 'town' || place.kind === 'locality';
  const usual = small && nameKind === 'main' && likely?.has(place.country) ? gainLikely : 0;
  return near + usual + (countries.includes(place.country) ? gainInArea : 0);
}

/** A name among its neighbours. */
interface Beside {
  readonly text: string;
  readonly names: readonly NameInText[];
  readonly candidates: readonly (readonly PlaceCandidate[])[];
  readonly at: number;
}

const followedBy =
  /^\s*[,(/]\s*(?:the\s+)?$|^\s+(?:in|of|on)\s+(?:the\s+)?$|^\s+$|^,?\s+(?:in|a)\s[^.,;]{0,40}$/;
const possessedBy = /^['’]s?\s+(?:[^.,;]{0,30}\s)?$|^\s*[:-]\s*$|^\s+$/;
const followersMax = 3;

/** "Austin, Texas", "Dorset in England", "Peru's Cusco": what stands directly beside the name and can hold the place. */
function directSupport({ text, names, candidates, at }: Beside, place: Place): number {
  const gap = (index: number): string => text.slice(names[index]?.end, names[index + 1]?.start);
  let support = 0;
  const last = Math.min(names.length - 1, at + followersMax);
  for (let next = at + 1; next <= last && followedBy.test(gap(next - 1)); next += 1) {
    const gain = next === at + 1 ? gainFollowed : gainFollowedApart;
    support = Math.max(support, gain * holding(place, candidates[next] ?? []));
  }
  if (at > 0 && possessedBy.test(gap(at - 1))) {
    support = Math.max(support, gainFollowedApart * holding(place, candidates[at - 1] ?? []));
  }
  return support;
}

/** How surely one of the readings holds the place; readings far less known than the best one count little. */
function holding(place: Place, readings: readonly PlaceCandidate[]): number {
  const best = Math.max(0, ...readings.map(({ prior }) => prior));
  let surest = 0;
  for (const { place: outer, prior } of readings.slice(0, holdersMax)) {
    surest = Math.max(surest, liesIn(place, outer) * Math.max(0.2, 1 - (best - prior) * 0.15));
  }
  return surest;
}

/** What the other names, as they are read so far, say for this reading. */
function supportOf(
  { place, index, at }: { readonly place: Place; readonly index: number; readonly at: number },
  open: readonly Open[],
  chosen: readonly (Choice | undefined)[],
): number {
  const name = open[at];
  if (name === undefined) return 0;
  const bySource = new Map<number, number>();
  let sameName = 0;
  const from = Math.max(0, at - neighboursMax);
  for (const [offset, other] of chosen.slice(from, at + neighboursMax + 1).entries()) {
    const otherAt = from + offset;
    const source = open[otherAt];
    if (other === undefined || source === undefined || otherAt === at) continue;
    if (source.key === name.key) {
      const proven = source.direct[other.index] ?? 0;
      if (other.candidate.place.id === place.id && proven > 0 && (name.direct[index] ?? 0) === 0)
        sameName = gainSameName;
      continue;
    }
    const fade = 0.35 + 0.65 * Math.exp(-Math.abs(source.start - name.start) / fadeCodeUnits);
    const gain = fade * gainBetween(place, other.candidate.place);
    const { id } = other.candidate.place;
    bySource.set(id, Math.max(bySource.get(id) ?? 0, gain));
  }
  const strongest = [...bySource.values()].sort((a, b) => b - a);
  const sum = strongest.reduce((total, gain, rank) => total + gain * 0.5 ** rank, 0);
  return Math.min(gainMax, sum) + sameName;
}

function gainBetween(place: Place, other: Place): number {
  const held = Math.max(liesIn(place, other), 0.5 * liesIn(other, place));
  return Math.max(gainInArea * held, gainTogether * closeness(place, other));
}

function finish(name: Open | undefined, choice: Choice | undefined): ResolvedName | undefined {
  if (name === undefined || choice === undefined) return undefined;
  const lead = choice.rival === undefined ? 2 : choice.score - choice.rival;
  const certainty = Math.min(
    1,
    0.45 + 0.2 * Math.min(2, lead) + 0.1 * Math.min(2, choice.support) - lossSecondSense * Number(lead < 0.3),
  );
  const { start, end, text } = name;
  return {
    start,
    end,
    text,
    place: choice.candidate.place,
    nameKind: choice.candidate.nameKind,
    certainty,
    supported: choice.support > 0.5,
  };
}
