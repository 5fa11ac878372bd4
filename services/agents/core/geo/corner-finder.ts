// Finds corners of two streets and stretches of a street between two others.

import type { Mention } from './mention.ts';
import {
  calendarWord,
  hasType,
  isRoad,
  loose,
  mentionOf,
  tidy,
  trimName,
  typeLoose,
} from './street-pattern.ts';
import { cuttingWords } from './street-words.ts';

const joiner = String.raw`[ \t]*(?:\band\b|\bat\b|&|\/|@|\+)[ \t]*`;
const cornerPattern = new RegExp(`(?<![\\p{L}\\p{N}])(?<first>${loose})${joiner}(?<second>${loose})`, 'gu');
const cornerOfPattern = new RegExp(
  `\\b[Cc]orner of[ \\t]+(?<first>(?:[\\p{L}'’]+[ \\t]+){1,2}${typeLoose}|${loose}|[\\p{L}'’]+)[ \\t]*(?:and|&|\\/|at|with)[ \\t]*(?<second>(?:[\\p{L}'’]+[ \\t]+){1,2}${typeLoose}|${loose}|[\\p{L}'’]+)`,
  'gu',
);
const crossingOfPattern = new RegExp(cornerOfPattern.source.replace('[Cc]orner', '[Ii]ntersection'), 'gu');
const blockPattern = new RegExp(
  `(?<first>${loose})[ \\t]*\\(?(?:between|btwn?|btw|bet)\\.?[ \\t]+(?<from>${loose})[ \\t]*(?:and|&|to)[ \\t]*(?<to>${loose})`,
  'gu',
);

/** "corner of A and B" and "intersection of A and B"; the names need no street type. */
export function findCornersOf(text: string): Mention[] {
  const matches = [...text.matchAll(cornerOfPattern), ...text.matchAll(crossingOfPattern)];
  return matches.flatMap((match) => {
    const [first, second] = [match.groups?.first ?? '', match.groups?.second ?? ''];
    if ([first, second].some((name) => cuttingWords.has(name.toLowerCase()))) return [];
    const start = match.index + match[0].indexOf(first, match[0].indexOf(' of '));
    const span = { start, end: match.index + match[0].length };
    return [{ ...mentionOf(text, 'intersection', span, true), label: `${tidy(first)} & ${tidy(second)}` }];
  });
}

/** "A St at B St", and "A and B" where at least one side has a street type or the words follow "at". */
export function findCorners(text: string): Mention[] {
  return [...text.matchAll(cornerPattern)].flatMap((match) => {
    const secondRaw = match.groups?.second ?? '';
    const end = match.index + match[0].length;
    const firstRaw = match.groups?.first ?? '';
    const first = trimName(text, { start: match.index, end: match.index + firstRaw.length });
    const second = trimName(text, { start: end - secondRaw.length, end });
    if (first === undefined || second === undefined || second.start !== end - secondRaw.length) return [];
    const firstText = text.slice(first.start, first.end);
    const typed = [firstText, secondRaw].filter((name) => hasType.test(name) || isRoad.test(name)).length;
    const cue = /\b(?:at|on|corner|intersection|near|by)[ \t]+$/i.test(text.slice(0, first.start));
    const named = [firstText, secondRaw].some((name) => calendarWord.test(name));
    const apart = /\b(?:between|btwn?)[ \t]+$/i.test(text.slice(0, first.start));
    if (named || apart || (typed === 0 && !cue)) return [];
    const mention = mentionOf(text, 'intersection', { start: first.start, end }, typed > 0);
    return [{ ...mention, label: `${tidy(firstText)} & ${tidy(secondRaw)}` }];
  });
}

/** "A St between B and C". */
export function findBlocks(text: string): Mention[] {
  return [...text.matchAll(blockPattern)].flatMap((match) => {
    const firstRaw = match.groups?.first ?? '';
    const first = trimName(text, { start: match.index, end: match.index + firstRaw.length });
    if (first === undefined) return [];
    const label = `${tidy(text.slice(first.start, first.end))} between ${tidy(match.groups?.from ?? '')} & ${tidy(match.groups?.to ?? '')}`;
    const span = { start: first.start, end: match.index + match[0].length };
    return [{ ...mentionOf(text, 'block', span, true), label }];
  });
}
