// Finds the stretches of a text that can name places of the gazetteer: runs of capitalised words, the longest known name first. Which place a
// name means, and whether it means one at all, is decided elsewhere.

import type { Gazetteer } from '../gazetteer.ts';
import type { Span } from '../skill.ts';
import { overlaps } from '../text/span.ts';
import { isCapitalised, type Word, wordsOf } from '../text/words.ts';
import { correctedName } from './misspelling.ts';
import { candidatesOf, isKnownName } from './place-candidates.ts';
import { besideNames, kindWord, neverAlone } from './place-words.ts';
import type { NameInText } from './resolve-places.ts';

const nameWordsMax = 6;
const correctedWordsMax = 3;
const correctedWordMin = 3;
const linkingWord =
  /^(?:de|del|da|do|dos|di|la|las|los|le|les|du|of|the|upon|on|am|an|der|sur|en|e|y|and|al|el|bin|og|und|et|ja)$/;
const parting = /[,;:!?)]/;
const betweenWords = /^(?:\.?[ \t]+|-|\.|[ \t]*&[ \t]*)$/;
/** Two letters behind a comma are a state's, however they are written: "Colorado Springs, Co". */
/** Words behind which the first word of a text is no name: "Just north of", "House of". */
const leadingOn =
  /^(?:north|south|east|west|of|down|up|the|a|from|off|above|below|miles?|kilomet\w+|km|leading|several|section)$/;
const stateBehind = /^,[ \t]*[A-Z]{2}\b/;
/** "KY 215" is a road of Kentucky; NH numbers are India's national highways. */
const stateRoad =
  /^(?:A[KLRZ]|C[AOT]|DE|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY])$/;
const stateLetters = /^[A-Z][A-Za-z]$/;

/** A name with the words around it. */
export interface FoundName extends NameInText {
  readonly words: number;
  readonly opensSentence: boolean;
  /** The word before it as it is written; empty at the start. */
  readonly before: string;
  /** Whether a comma or the like stands between it and the word before. */
  readonly parted: boolean;
  /** The word behind it as it is written; empty at the end and behind any sign. */
  readonly after: string;
  /** Whether capitalised words that it leaves out stand directly beside it, so that it may be part of a longer name. */
  readonly partial: boolean;
  /** Whether the text writes the name otherwise and it was taken for a slip of the pen. */
  readonly corrected: boolean;
}

/** What names are looked for with. */
export interface NameLookup {
  /** Stretches that already mean something else. */
  readonly taken: readonly Span[];
  readonly gazetteer: Gazetteer;
  /** Whether a name may be written a little wrong; only short texts can afford the question. */
  readonly forgiving: boolean;
  /** Whether the text is in capitals, so that two letters are a word like any other. */
  readonly shouted: boolean;
}

/** Known names in text order, without overlaps. */
export function findNames(text: string, lookup: NameLookup): FoundName[] {
  const words = wordsOf(text).flatMap(splitAtHyphens);
  const found: FoundName[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const reading = { text, words, at, lookup };
    const name = lookup.forgiving
      ? (wholeCorrected(reading) ?? longestOf(reading, isKnownName) ?? longestCorrected(reading))
      : longestOf(reading, isKnownName);
    if (name === undefined) continue;
    found.push(name);
    at += name.words - 1;
  }
  return found;
}

interface Reading {
  readonly text: string;
  readonly words: readonly Word[];
  readonly at: number;
  readonly lookup: NameLookup;
}

function longestOf(reading: Reading, isName: typeof isKnownName): FoundName | undefined {
  const { text, words, at, lookup } = reading;
  for (let count = runLength(text, words, at); count > 0; count -= 1) {
    const span = spanOf(reading, count);
    if (span === undefined) continue;
    const written = writingsOf(text.slice(span.start, span.end));
    const name = written.find(
      (each) => text.startsWith(each, span.start) && isName(spelled(text, span, each), lookup.gazetteer),
    );
    if (name === undefined || !isStateWritten(reading, span, name)) continue;
    if (count === 1 && neverAlone.has(name.toLowerCase()) && !stateBehind.test(text.slice(span.end)))
      continue;
    return foundName(
      reading,
      count,
      { start: span.start, end: span.start + name.length },
      spelled(text, span, name),
    );
  }
  return undefined;
}

/** ", British Colombia": all that stands behind a comma, when a slip parts it from a state's or country's name. */
function wholeCorrected(reading: Reading): FoundName | undefined {
  const { text, words, at, lookup } = reading;
  if (!/,\s*$/.test(text.slice(Math.max(0, (words[at]?.start ?? 0) - 3), words[at]?.start))) return undefined;
  const run = runLength(text, words, at);
  const span = run > 1 && run <= correctedWordsMax ? spanOf(reading, run) : undefined;
  if (
    span === undefined ||
    !/^\s*(?:,|$)/.test(text.slice(span.end)) ||
    isKnownName(text.slice(span.start, span.end), lookup.gazetteer)
  )
    return undefined;
  const name = correctedName(text.slice(span.start, span.end), lookup.gazetteer);
  const [best] = name === undefined ? [] : candidatesOf(name, lookup.gazetteer);
  if (name === undefined || (best?.place.kind !== 'division' && best?.place.kind !== 'country'))
    return undefined;
  return { ...foundName(reading, run, span, name), corrected: true };
}

/** All capitalised words from here on, or only the first, taken for one name with a slip in it. */
function longestCorrected(reading: Reading): FoundName | undefined {
  const { text, words, at, lookup } = reading;
  const run = runLength(text, words, at);
  const next = { ...reading, at: at + 1 };
  const whole = run > 1 && run <= correctedWordsMax && longestOf(next, isKnownName) === undefined;
  for (const count of whole ? [run, 1] : [1]) {
    const span = spanOf(reading, count);
    if (
      span === undefined ||
      (words[at]?.text.length ?? 0) < correctedWordMin ||
      neverAlone.has(text.slice(span.start, span.end).toLowerCase())
    )
      continue;
    const name = correctedName(text.slice(span.start, span.end), lookup.gazetteer);
    if (name !== undefined) return { ...foundName(reading, count, span, name), corrected: true };
  }
  return undefined;
}

/** The stretch of so many words from here on, when it can be a name that nothing else has taken. */
function spanOf({ words, at, lookup }: Reading, count: number): Span | undefined {
  const [first, last] = [words[at], words[at + count - 1]];
  if (first === undefined || last === undefined || !isCapitalised(first.text) || !isCapitalised(last.text))
    return undefined;
  const span = { start: first.start, end: last.end };
  return lookup.taken.some((other) => overlaps(other, span)) ? undefined : span;
}

function foundName({ text, words, at, lookup }: Reading, count: number, span: Span, name: string): FoundName {
  const [wordBefore, wordAfter] = [words[at - 1], words[at + count]];
  const [before, after] = [wordBeside(text, wordBefore, span), wordBeside(text, wordAfter, span)];
  const worded = `${name} ${after.toLowerCase()}`;
  const ofKind =
    kindWord.test(after) && !isCapitalised(after) && candidatesOf(worded, lookup.gazetteer).length > 0;
  const opensSentence = words[at]?.opensSentence ?? false;
  return {
    start: span.start,
    end: ofKind && wordAfter !== undefined ? wordAfter.end : span.end,
    text: ofKind ? worded : name,
    words: count,
    opensSentence,
    before: wordBefore?.text ?? '',
    parted: wordBefore !== undefined && parting.test(text.slice(wordBefore.end, span.start)),
    after,
    partial: isOpenWord(before) || isOpenWord(after) || (opensSentence && leadingOn.test(after)),
    corrected: false,
  };
}

/** With the full stop of an abbreviation where the name needs it: "Mass." and "U.S.", not "Hanover." at the end of a sentence. */
function writingsOf(raw: string): string[] {
  return raw.includes('.') ? [`${raw}.`, raw] : [raw, `${raw}.`];
}

/** How many words from here on can belong to one name. */
function runLength(text: string, words: readonly Word[], at: number): number {
  let count = 1;
  for (; count < nameWordsMax; count += 1) {
    const [before, word] = [words[at + count - 1], words[at + count]];
    if (before === undefined || word === undefined) break;
    if (!isCapitalised(word.text) && !linkingWord.test(word.text)) break;
    const between = text.slice(before.end, word.start);
    if (!betweenWords.test(between) || (between === '. ' && before.text.length > 4)) break;
  }
  return count;
}

function spelled(text: string, span: Span, name: string): string {
  const behindComma = /,\s*$/.test(text.slice(Math.max(0, span.start - 3), span.start));
  const alone = /^(?:\s*[,.;()]|\s*$|\s+\d)/.test(text.slice(span.start + 2, span.start + 8));
  return behindComma && alone && stateLetters.test(name) ? name.toUpperCase() : name;
}

/** Two letters are a state behind a comma, or in capitals where no number follows that would make a road of them. */
function isStateWritten({ text, lookup }: Reading, span: Span, name: string): boolean {
  const letters = name.replaceAll('.', '');
  if (letters.length > 2) return true;
  if (/,\s*$/.test(text.slice(Math.max(0, span.start - 3), span.start))) return true;
  if (lookup.shouted || letters !== letters.toUpperCase()) return false;
  if (lookup.forgiving && /^\.?[ \t]+(?!State\b)\p{Lu}\p{Ll}/u.test(text.slice(span.end))) return false;
  return (lookup.forgiving && stateRoad.test(letters)) || !/^\.?[ -]?\d/.test(text.slice(span.end));
}

/** The word that only a blank parts from the name; empty when a sign or nothing stands there. */
function wordBeside(text: string, word: Word | undefined, span: Span): string {
  if (word === undefined) return '';
  const between =
    word.start >= span.end ? text.slice(span.end, word.start) : text.slice(word.end, span.start);
  return /^(?:['’]s)?[ \t]+$/.test(between) ? word.text : '';
}

/** A capitalised word that could be part of the name, as opposed to a kind, a direction or a word that leads to a place. */
function isOpenWord(word: string): boolean {
  return isCapitalised(word) && word.length > 1 && !besideNames.has(word.toLowerCase());
}

/** "Jammu-Srinagar" names two places; a name with a hyphen is put together again when it is looked up. */
function splitAtHyphens(word: Word): Word[] {
  if (!word.text.includes('-')) return [word];
  return [...word.text.matchAll(/[^-]+/g)].map((part, at) => ({
    text: part[0],
    start: word.start + part.index,
    end: word.start + part.index + part[0].length,
    opensSentence: word.opensSentence && at === 0,
  }));
}
