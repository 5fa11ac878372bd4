// Who and what a text names: people, organisations, places and things of the town, each with where it stands.

import { findLandmarks } from '../geo/landmark-finder.ts';
import type { TenantPlace } from '../geo/mention.ts';
import { ordinaryWords } from '../geo/ordinary-words.ts';
import { findStreets } from '../geo/street-finder.ts';
import { cuttingWords, genericNames } from '../geo/street-words.ts';
import { findTenantPlaces, indexTenantPlaces } from '../geo/tenant-place-finder.ts';
import type { Span } from '../skill.ts';
import { withoutOverlap } from '../text/span.ts';
import { isCapitalised, isShouted } from '../text/words.ts';
import { assetNames } from './asset-words.ts';
import type { TaggedWord } from './tagger.ts';

/** The kinds of entities. */
export type EntityType = 'person' | 'organization' | 'place' | 'thing';

/** Something named in the text. */
export interface Entity extends Span {
  /** As it stands in the text; things in lower case and singular, so that equal things count together. */
  readonly text: string;
  readonly type: EntityType;
}

/** The most entities that one report gets; the rest is left out, last in the text first. */
export const entitiesMax = 20;

const assetPattern = new RegExp(
  `\\b(?<name>${[...assetNames]
    .sort((a, b) => b.length - a.length)
    .join('|')
    .replaceAll(' ', '\\s+')})(?<plural>e?s)?\\b`,
  'gi',
);
const acronymPattern = /^[A-Z]{2,6}s?$/;
const notOrganizations = new Set(
  `ASAP FYI PLEASE AM PM SUV TV ID OK USA US UK ADA LED NOT NO ALL THE AND BUT FOR ON IN IS IT WE OUR ARE HAS THIS THAT NOW STOP VERY DO CAN
   YOU THEY MUST EVERY OUT OFF GOING LOUD FIX NEED HELP HUGE BAD ICE SNOW CAR CARS RED SW NW NE SE ST AVE RD FED OFFICE STREET CITY TRASH
   NEVER STILL DAY WAS WHEN WHY HOW WHAT WHO NOISE OR TO OF AT BY AS IF SO MY ME HE GPS CCTV DIY RV MA NY DC VA MD CRM AC EV MPH HOV TOW
   ZONE SIGN NEW OLD MORE MOST BIG USED ONE TWO LONG RIGHT LEFT NICE SAME WAY ROAD THERE`.split(/\s+/),
);
const organizationWord =
  /^(?:Department|Dept|Company|Co|Inc|Corp|Corporation|Commission|Authority|Association|Committee|Council|Agency|Church|University|College|Bank|School|Academy|Hospital|Police|Works|Services?|Grid|Construction|Restaurant|Cafe|Liquors|Pizza|Market)$/;
const plainWords = new Set(
  'catch cleaning owned details detail unshoveled type model color located location exact tow st sq ave road hills very works truck dept operations depot fish german'.split(
    ' ',
  ),
);
const notPersons =
  /^(?:mr|mrs|ms|dr|sir|mayor|hi|hello|dear|god|rose|may|will|mark|grant|dick|rob|bill|art|frank|drew|chase|sue|pat|van|ray|bob|jay)$/i;

/** All entities in text order, at most `entitiesMax`; of two that overlap the surer kind wins. */
export function findEntities(
  text: string,
  sentences: readonly TaggedWord[][],
  places: readonly TenantPlace[],
): Entity[] {
  const shouted = isShouted(text);
  const listed = findTenantPlaces(text, indexTenantPlaces(places)).map((mention) => placeAt(text, mention));
  const landmarks = findLandmarks(text).map((mention) => placeAt(text, mention));
  const streets = findStreets(text)
    .filter((mention) => mention.sure)
    .map((mention) => placeAt(text, mention));
  const named = sentences.flatMap((words) => namedIn(text, words, shouted));
  const ranked = [...streets, ...landmarks, ...listed, ...named, ...thingsIn(text)];
  return once(withoutOverlap(ranked)).slice(0, entitiesMax);
}

/** Each entity at its first place only. */
function once(entities: readonly Entity[]): Entity[] {
  const seen = new Set<string>();
  return entities.filter((entity) => {
    const key = `${entity.type} ${entity.text.toLowerCase()}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function placeAt(text: string, { start, end }: Span): Entity {
  return { start, end, text: text.slice(start, end), type: 'place' };
}

/** Runs of words of one proper kind. In a text that shouts, capitals prove nothing and none is found. */
function namedIn(text: string, words: readonly TaggedWord[], shouted: boolean): Entity[] {
  const found: Entity[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const type = typeOf(words[at], at, shouted);
    if (type === undefined) continue;
    let last = at;
    while (last + 1 < words.length && continues(words[last + 1], last + 1, type, shouted)) last += 1;
    const entity = entityOf(text, words.slice(at, last + 1), type);
    if (entity !== undefined) found.push(entity);
    at = last;
  }
  return found;
}

function typeOf(word: TaggedWord | undefined, at: number, shouted: boolean): EntityType | undefined {
  if (word === undefined || !isCapitalised(word.text)) return undefined;
  if (shouted) return undefined;
  const { tags } = word;
  if (acronymPattern.test(word.text))
    return tags.has('Acronym') && !notOrganizations.has(word.text) ? 'organization' : undefined;
  if (isPlain(word.text)) return undefined;
  if (
    tags.has('Date') ||
    tags.has('Month') ||
    tags.has('WeekDay') ||
    tags.has('Value') ||
    tags.has('Pronoun')
  )
    return undefined;
  if (tags.has('Person') && !notPersons.test(word.text)) return 'person';
  if (tags.has('Organization')) return 'organization';
  if (tags.has('Place')) return 'place';
  return at > 0 && tags.has('ProperNoun') ? 'organization' : undefined;
}

function continues(word: TaggedWord | undefined, at: number, type: EntityType, shouted: boolean): boolean {
  if (word === undefined || word.apart || !isCapitalised(word.text)) return false;
  const own = typeOf(word, at, shouted);
  return own === type || (type !== 'place' && organizationWord.test(word.text));
}

/** A person needs two names or a title; a run that ends like an institution is an organisation. */
function entityOf(text: string, run: readonly TaggedWord[], type: EntityType): Entity | undefined {
  const first = run[0];
  const last = run.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const span = { start: first.start, end: last.end };
  const raw = text.slice(span.start, span.end);
  if (organizationWord.test(last.text) && run.length > 1) return { ...span, text: raw, type: 'organization' };
  const single = run.length === 1;
  if (type === 'person' && (single ? !isTitled(text, first.start) : raw.endsWith("'s"))) return undefined;
  if (
    type === 'organization' &&
    single &&
    !first.tags.has('Organization') &&
    !acronymPattern.test(first.text)
  )
    return undefined;
  return { ...span, text: raw, type };
}

/** Ordinary words that are capitalised all the same: "City Owned", "Catch Basin". */
function isPlain(word: string): boolean {
  const lower = word.toLowerCase();
  return (
    ordinaryWords.has(lower) || genericNames.has(lower) || cuttingWords.has(lower) || plainWords.has(lower)
  );
}

function isTitled(text: string, start: number): boolean {
  return /\b(?:Mr|Mrs|Ms|Dr|Mayor|Officer|Councilor|Councillor|Senator)\.?\s+$/.test(text.slice(0, start));
}

function thingsIn(text: string): Entity[] {
  return [...text.matchAll(assetPattern)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    text: (match.groups?.name ?? match[0]).toLowerCase().replace(/\s+/g, ' '),
    type: 'thing',
  }));
}
