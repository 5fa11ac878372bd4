// What English street names look like, as pieces of patterns, and how a raw match is cut down to the name.

import type { Span } from '../skill.ts';
import type { Mention } from './mention.ts';
import {
  cuttingWords,
  genericNames,
  genericStreetNames,
  streetTypes,
  streetTypesLoose,
} from './street-words.ts';

const anyCase = (word: string): string =>
  [...word].map((letter) => `[${letter.toUpperCase()}${letter}]`).join('');
const direction = String.raw`(?:(?:North|South|East|West|[NSEW]|NE|NW|SE|SW)\.?[ \t]+)`;
const quadrant = String.raw`(?:[ \t]+(?:NW|NE|SW|SE|N\.?W\.?|S\.?E\.?)\b)`;
const typeOnly = String.raw`(?!(?:St(?!\.?[ \t]+\p{Lu}\p{Ll})|Street|Ave|Avenue|Rd|Road|Blvd)(?![\p{L}\p{N}'’]))`;
const nameWord = String.raw`${typeOnly}(?:\p{Lu}[\p{L}\p{M}'’-]*|\d{1,3}(?:st|nd|rd|th|ST|ND|RD|TH)\b|St\.(?=[ \t]+\p{Lu}))`;

/** Pattern source: a street type in any case, with its full stop. */
export const typeWord = `(?:${streetTypes.map(anyCase).join('|')})(?![\\p{L}\\p{N}'’])\\.?`;

/** Pattern source: a street type that is safe to read in lower case too. */
export const typeLoose = `(?:${streetTypesLoose.map(anyCase).join('|')})(?![\\p{L}\\p{N}'’])\\.?`;

/** Pattern source: a capitalised name of up to four words, with a direction before it where there is one. */
export const named = `${direction}?${nameWord}(?:[ \\t]+${nameWord}){0,3}`;

/** Pattern source: a name with a street type. */
export const street = `${named}[ \\t]+${typeWord}${quadrant}?`;

/** Pattern source: a numbered road. */
export const road = String.raw`(?:(?:Route|Rte\.?|Highway|Hwy\.?|Interstate|US|SR|NH|State Route)[ -]?\d{1,3}[A-Z]?|I-\d{1,3})\b`;

/** Pattern source: a road, or a name with or without a type, as it stands at a corner. */
export const loose = `(?:${road}|${named}(?:[ \\t]+${typeWord}${quadrant}?)?)`;

/** Pattern source: a house number or a range of them. */
export const houseNumber = String.raw`#?\d{1,5}[A-Za-z]?(?:[ \t]?[-–/][ \t]?\d{1,5})?`;

/** Whether a name ends in a street type. */
export const hasType = new RegExp(`[ \\t]${typeWord}${quadrant}?$`, 'u');

/** Whether a name is a numbered road. */
export const isRoad = new RegExp(`^${road}$`, 'u');

/** Days, months and other capitalised words that follow "on" and name no street. */
export const calendarWord =
  /^(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?s?|jan\w*|feb\w*|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug\w*|sep\w*|oct\w*|nov\w*|dec\w*|christmas|halloween|easter|thanksgiving|twitter|facebook|google|monday)$/i;

/** The span of a raw match, cut after the last word that cannot belong to a name; undefined when no name is left. */
export function trimName(text: string, span: Span): Span | undefined {
  const raw = text.slice(span.start, span.end);
  if (isRoad.test(raw)) return span;
  let cut = 0;
  const nameEnd = hasType.exec(raw)?.index ?? raw.length;
  for (const word of raw.slice(0, nameEnd).matchAll(/[\p{L}\p{N}'’-]+\.?/gu)) {
    if (cuttingWords.has(word[0].toLowerCase())) cut = word.index + word[0].length;
  }
  const start = span.start + cut + (/^\s*/.exec(raw.slice(cut))?.[0].length ?? 0);
  const name = text.slice(start, span.start + nameEnd).trim();
  if (name === '' || isGeneric(name, raw.slice(nameEnd))) return undefined;
  return { start, end: span.end };
}

/** "Bike Lane", "one street": a type that many things have needs a name that only places have. */
function isGeneric(name: string, type: string): boolean {
  const words = name.toLowerCase().split(/\s+/);
  const through = /^\s*(?:st|street|ave?|avenue|rd|road|blvd|boulevard)\b/i.test(type);
  if (through) return words.every((word) => genericStreetNames.has(word));
  return genericNames.has(words.at(-1) ?? '');
}

/** A mention of the span, without the full stops at its end. */
export function mentionOf(text: string, kind: Mention['kind'], span: Span, sure: boolean): Mention {
  const raw = text.slice(span.start, span.end).replace(/[.\s]+$/, '');
  return { kind, start: span.start, end: span.start + raw.length, text: raw, label: tidy(raw), sure };
}

/** The name on one line, without full stops at its end. */
export function tidy(name: string): string {
  return name
    .replace(/\s+/g, ' ')
    .replace(/[.\s]+$/, '')
    .trim();
}
