// Who and what a text names: people, organisations, places and things of the town, each with where it stands.

import { findLandmarks } from '../geo/landmark-finder.ts';
import type { TenantPlace } from '../geo/mention.ts';
import { ordinaryWords } from '../geo/ordinary-words.ts';
import { findStreets } from '../geo/street-finder.ts';
import { cuttingWords, genericNames } from '../geo/street-words.ts';
import { findTenantPlaces, indexTenantPlaces } from '../geo/tenant-place-finder.ts';
import type { Span } from '../skill.ts';
import { withoutOverlap } from '../text/span.ts';
import { isShouted } from '../text/words.ts';
import { findAcronyms } from './acronyms.ts';
import { assetNames } from './asset-words.ts';
import { findFirms } from './firm-finder.ts';
import type { NameKind } from './recognizer/name-labels.ts';
import type { RecognizeNames } from './recognizer/name-recognizer.ts';
import type { TaggedWord } from './tagger.ts';

/** The kinds of entities. */
export type EntityType = 'person' | 'organization' | 'place' | 'thing';

/** Something named in the text. */
export interface Entity extends Span {
  /** As it stands in the text; things in lower case and singular, so that equal things count together. */
  readonly text: string;
  readonly type: EntityType;
}

/** An entity at one of its places in the text. */
export interface EntityMention extends Entity {
  /** Finer than the type; absent for a thing of the town, which has no name of its own. */
  readonly kind?: NameKind;
}

/** A text and what is known for reading it. */
export interface TextOfNames {
  readonly text: string;
  /** What the tagger makes of the text. */
  readonly sentences: readonly (readonly TaggedWord[])[];
  /** The tenant's own places. */
  readonly places: readonly TenantPlace[];
  readonly recognizeNames: RecognizeNames;
}

/** The most entities that one report gets; the rest is left out, last in the text first. */
export const entitiesMax = 20;

const typeOfKind: Readonly<Record<NameKind, EntityType>> = {
  person: 'person',
  location: 'place',
  group: 'organization',
  corporation: 'organization',
  product: 'thing',
  'creative-work': 'thing',
};
const assetPattern = new RegExp(
  `\\b(?<name>${[...assetNames]
    .sort((a, b) => b.length - a.length)
    .join('|')
    .replaceAll(' ', '\\s+')})(?<plural>e?s)?\\b`,
  'gi',
);
const institutionMax = 20;
const institutionBehind =
  /^ (?:Department|Dept|Company|Corporation|Commission|Authority|Association|Committee|Council|Agency|Church|University|College|Bank|School|Academy|Hospital|Police|Works|Services|Grid|Construction|Restaurant|Cafe|Liquors|Pizza|Market)\b/;
const plainWords = new Set(
  'catch cleaning owned details detail unshoveled type model color located location exact tow st sq ave road hills very works truck dept operations depot fish german'.split(
    ' ',
  ),
);

/** Of mentions in text order each entity at its first place only, at most `entitiesMax`. */
export function entitiesOf(mentions: readonly EntityMention[]): Entity[] {
  return once(mentions).slice(0, entitiesMax);
}

/** Every place in the text at which an entity stands, in text order; of two that overlap the surer kind wins. */
export function findEntityMentions(reading: TextOfNames): EntityMention[] {
  const { text, places } = reading;
  const streets = findStreets(text).filter((mention) => mention.sure);
  const listed = findTenantPlaces(text, indexTenantPlaces(places));
  const landmarks = findLandmarks(text);
  const located = [...streets, ...listed, ...landmarks].map((span) => named(text, span, 'location'));
  const things = thingsIn(text);
  // In a text that shouts, capitals prove nothing.
  const names = isShouted(text) ? [] : namesIn(reading, located.length + things.length > 0);
  const firms = findFirms(text).map((span) => named(text, span, 'corporation'));
  return withoutOverlap([...located, ...firms, ...names, ...things]);
}

/** Where a text is about the town, letters stand for one of its bodies; elsewhere they may be anything. */
function namesIn({ text, sentences, recognizeNames }: TextOfNames, isAboutTown: boolean): EntityMention[] {
  const recognized = recognizeNames(text, sentences).map((span) =>
    named(text, withInstitution(text, span), span.kind),
  );
  const acronyms = isAboutTown ? findAcronyms(sentences).map((span) => named(text, span, 'group')) : [];
  return [...recognized.filter((name) => !isPlain(name.text)), ...acronyms];
}

/** The name of a body together with the word for what it is, where that follows: "Acme" in "Acme Construction". */
function withInstitution(text: string, span: Span & { readonly kind: NameKind }): Span {
  if (span.kind !== 'corporation' && span.kind !== 'group') return span;
  const [word = ''] = institutionBehind.exec(text.slice(span.end, span.end + institutionMax)) ?? [];
  return { start: span.start, end: span.end + word.length };
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

function named(text: string, { start, end }: Span, kind: NameKind): EntityMention {
  return { start, end, text: text.slice(start, end), type: typeOfKind[kind], kind };
}

/** Ordinary words that are capitalised all the same: "City Owned", "Catch Basin". */
function isPlain(name: string): boolean {
  const words = name.toLowerCase().match(/[\p{L}\p{N}'’]+/gu) ?? [];
  return words.every(
    (word) =>
      ordinaryWords.has(word) || genericNames.has(word) || cuttingWords.has(word) || plainWords.has(word),
  );
}

function thingsIn(text: string): EntityMention[] {
  return [...text.matchAll(assetPattern)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    text: (match.groups?.name ?? match[0]).toLowerCase().replace(/\s+/g, ' '),
    type: 'thing',
  }));
}
