// Finds towns, states and countries in a text by their names, and decides which of the places of one name is meant. Names that are
// ordinary words need more evidence than a capital letter.

import type { Gazetteer, Place } from '../gazetteer.ts';
import type { Span } from '../skill.ts';
import { overlaps } from '../text/span.ts';
import { isCapitalised, isShouted, normaliseName, type Word, wordsOf } from '../text/words.ts';
import type { HomeArea, Mention } from './mention.ts';
import { ordinaryWords } from './ordinary-words.ts';
import { findRegions, regionAfter, statesByLetters } from './region-finder.ts';
import type { RegionNames } from './region-names.ts';
import { chooseTown, type TownCandidate } from './town-choice.ts';

const nameWordsMax = 5;
const linkingWord = /^(?:de|del|da|do|dos|di|la|las|los|le|les|du|of|the|upon|on|am|an|der|sur|en|e|y)$/;

/** What the finder may look things up in. */
export interface TownSources {
  readonly gazetteer: Gazetteer;
  readonly regions: RegionNames;
  /** Absent when the tenant has set none: then no place is nearer than another. */
  readonly homeArea?: HomeArea;
}

/** Towns, states and countries in text order. `taken` are stretches that already mean something else, such as a street. */
export function findTowns(text: string, taken: readonly Span[], sources: TownSources): Mention[] {
  const shouted = isShouted(text);
  const words = wordsOf(text);
  const regions = findRegions(text, words, taken, sources.regions);
  const named = [...regions.map(({ region }) => region), ...statesByLetters(text)];
  const said =
    sources.homeArea === undefined ? regions : regions.filter(({ mention }) => isSaidAsPlace(text, mention));
  const found: Mention[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const candidate = candidateAt({ text, words, at, taken: [...taken, ...found], shouted }, sources);
    if (candidate === undefined) continue;
    const place = chooseTown(candidate, { named, homeArea: sources.homeArea, shouted });
    const asRegion = regions.some(({ mention }) => overlaps(mention, candidate));
    if (place === undefined || (asRegion && candidate.followedBy === undefined)) continue;
    found.push(townMention(candidate, place));
  }
  const rest = said
    .map(({ mention }) => mention)
    .filter((mention) => !found.some((town) => overlaps(town, mention)));
  return [...found, ...rest].sort((a, b) => a.start - b.start);
}

function townMention(candidate: TownCandidate, place: Place): Mention {
  const { start, end, text } = candidate;
  return {
    kind: 'town',
    start,
    end,
    text,
    label: place.name,
    sure: !candidate.ordinary,
    point: place.point,
    place,
  };
}

/** For a tenant with an area of its own, far states and countries count only as "in Ohio"; otherwise streets are named after them. */
function isSaidAsPlace(text: string, mention: Mention): boolean {
  return /\bin[ \t]+$/i.test(text.slice(0, mention.start));
}

interface Reading {
  readonly text: string;
  readonly words: readonly Word[];
  readonly at: number;
  readonly taken: readonly Span[];
  readonly shouted: boolean;
}

/** The longest known name that begins at this word. */
function candidateAt(reading: Reading, sources: TownSources): TownCandidate | undefined {
  const { text, words, at } = reading;
  const first = words[at];
  if (first === undefined || !isCapitalised(first.text)) return undefined;
  for (let count = Math.min(nameWordsMax, words.length - at); count > 0; count -= 1) {
    const run = words.slice(at, at + count);
    const last = run.at(-1);
    if (last === undefined || !isName(text, run)) continue;
    const span = { start: first.start, end: last.end };
    if (reading.taken.some((other) => overlaps(other, span))) continue;
    const raw = text.slice(span.start, span.end);
    const normalised = normaliseName(raw);
    const places = sources.gazetteer.find(normalised);
    if (places.length === 0) continue;
    return {
      ...span,
      text: raw,
      words: count,
      opensSentence: first.opensSentence || reading.shouted,
      ordinary: count === 1 && ordinaryWords.has(normalised),
      cue: words[at - 1]?.text.toLowerCase() ?? '',
      followedBy: regionAfter(text, words.slice(at + count, at + count + 3), last.end, sources.regions),
      places,
    };
  }
  return undefined;
}

/** A run is a name when its ends are capitalised, its inner words are or link, and no sentence sign stands between. */
function isName(text: string, run: readonly Word[]): boolean {
  const shape = run.every(
    (word, at) => isCapitalised(word.text) || (at > 0 && at < run.length - 1 && linkingWord.test(word.text)),
  );
  if (!shape) return false;
  return run
    .slice(1)
    .every((word, at) => /^(?:\.?[ \t]+|-)$/.test(text.slice(run[at]?.end ?? 0, word.start)));
}
