// Finds streets, house numbers, corners and stretches between two streets in English text. It knows the shape of names, not which
// streets exist.

import { overlaps } from '../text/span.ts';
import { findBlocks, findCorners, findCornersOf } from './corner-finder.ts';
import type { Mention } from './mention.ts';
import {
  calendarWord,
  houseNumber,
  mentionOf,
  named,
  road,
  street,
  trimName,
  typeLoose,
  typeWord,
} from './street-pattern.ts';
import { cuttingWords, genericNames } from './street-words.ts';

const streetPattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${street}|${road})`, 'gu');
const looseTypePattern = new RegExp(`(?<=[\\p{L}\\d][ \\t]+)${typeLoose}`, 'gu');
const thingAfter =
  /^[ \t]+(?:lights?|lamps?|lighting|signs?|signage|clean\w*|sweep\w*|parking|box|trees?|workers?|parked|corners?)\b/i;
const lowerNameWordsMax = 2;
const lowerNameLengthMax = 60;
const lowerCue =
  /(?:\b(?:on|of|at|to|from|and|near|off|onto|along|down|up|across|between|outside|location:)|\d|\()[ \t(]*$|^$/i;
const numberBefore = new RegExp(`(?<![\\p{L}\\p{N}$.:/-])${houseNumber}[ \\t]+$`, 'u');
const bareAddressPattern = new RegExp(
  `(?<=\\b(?:at|outside|of|near|by|opposite|behind|to|from)[ \\t])(?<number>\\d{2,5})[ \\t]+(?<name>${named})`,
  'gu',
);
const onPattern = new RegExp(`(?<=\\b[Oo]n[ \\t])(?<name>${named})(?![ \\t]+${typeWord})`, 'gu');
const notStreet = /^(?:AM|PM|[AP]M\b.*|MPH|Mph|ADA|LED|SUV)$/;

/** Every address, corner, block and street of the text in text order, without overlaps; the more exact reading wins. */
export function findStreets(text: string): Mention[] {
  const streets = [...findTyped(text), ...findLower(text)];
  const found: Mention[] = [];
  const add = (mentions: readonly Mention[]): void => {
    for (const mention of mentions) {
      const clash = found.some((other) => overlaps(other, mention));
      if (!clash) found.push(mention);
    }
  };
  add(findBlocks(text));
  add(findAddresses(text, streets));
  add(findCornersOf(text));
  add(findCorners(text));
  add(streets);
  add(findBareOn(text));
  return found.sort((a, b) => a.start - b.start);
}

function findTyped(text: string): Mention[] {
  return [...text.matchAll(streetPattern)].flatMap((match) => {
    const asThing = / street$/.test(match[0]) && thingAfter.test(text.slice(match.index + match[0].length));
    return asThing ? [] : streetAt(text, match.index, match[0]);
  });
}

/** Streets in lower case ("on canterbury street"): read backwards from the type to a word that leads to a place. */
function findLower(text: string): Mention[] {
  return [...text.matchAll(looseTypePattern)].flatMap((match) => {
    const end = match.index + match[0].length;
    const start = lowerNameStart(text, match.index);
    if (start === undefined || thingAfter.test(text.slice(end)) || !lowerCue.test(text.slice(0, start)))
      return [];
    return streetAt(text, start, text.slice(start, end));
  });
}

/** Where the up to two words of the name before `end` begin; undefined when there is no word that can be one. */
function lowerNameStart(text: string, end: number): number | undefined {
  const from = Math.max(0, end - lowerNameLengthMax);
  const words = [...text.slice(from, end).matchAll(/[\p{L}\p{N}'’]+\.?(?=[ \t]+)/gu)].slice(
    -lowerNameWordsMax,
  );
  const outside = words.findLastIndex(([word]) => cuttingWords.has(word.toLowerCase()) || /^\d+$/.test(word));
  const name = words.slice(outside + 1);
  const [first] = name;
  if (first === undefined || name.every(([word]) => genericNames.has(word.toLowerCase()))) return undefined;
  return from + first.index;
}

/** The street in a raw match, cut after the last word that cannot belong to a name; none when nothing is left of the name. */
function streetAt(text: string, start: number, raw: string): Mention[] {
  const span = trimName(text, { start, end: start + raw.length });
  if (span === undefined) return [];
  return [mentionOf(text, 'street', span, true)];
}

function findAddresses(text: string, streets: readonly Mention[]): Mention[] {
  const typed = streets.flatMap((found) => {
    const before = numberBefore.exec(text.slice(0, found.start));
    if (before === null) return [];
    const start = before.index + (before[0].startsWith('#') ? 1 : 0);
    return [mentionOf(text, 'address', { start, end: found.end }, true)];
  });
  const bare = [...text.matchAll(bareAddressPattern)].flatMap((match) => {
    const name = match.groups?.name ?? '';
    const end = match.index + match[0].length;
    const known = streets.some((found) => overlaps(found, { start: match.index, end }));
    if (known || cuttingWords.has(name.toLowerCase()) || calendarWord.test(name) || notStreet.test(name))
      return [];
    return [mentionOf(text, 'address', { start: match.index, end }, false)];
  });
  return [...typed, ...bare];
}

/** "on Blossom": a capitalised name behind "on" that is no day, month or site of the internet. */
function findBareOn(text: string): Mention[] {
  return [...text.matchAll(onPattern)].flatMap((match) => {
    const name = match.groups?.name ?? '';
    const words = name.split(/\s+/);
    const usable = words.every(
      (word) =>
        word.length > 2 &&
        !calendarWord.test(word) &&
        !cuttingWords.has(word.toLowerCase()) &&
        /\p{Ll}/u.test(word),
    );
    if (!usable) return [];
    return [mentionOf(text, 'street', { start: match.index, end: match.index + name.length }, false)];
  });
}
