// Finds the words of a text that carry a feeling, and how strong each is where it stands: negation turns it, "very" and capitals
// strengthen it, "but" weighs what follows more. The rules and their figures are those of VADER (Hutto and Gilbert, ICWSM 2014).

import type { Span } from '../skill.ts';
import { complaintScores, wishedWords } from './sentiment-lexicon.ts';

/** Feeling of words by their lower-case form, about −4 to 4; emoticons and emoji are words, too. */
export type Valences = ReadonlyMap<string, number>;

/** One word of a text as it is judged. */
export interface FeelingToken extends Span {
  /** Lower case; typographic apostrophes as plain ones. */
  readonly word: string;
  /** How it feels where it stands; 0 for most words. */
  readonly value: number;
  /** Whether a negation stands within the three words before it in its sentence. */
  readonly negated: boolean;
}

interface RawToken extends Span {
  readonly word: string;
  readonly shouted: boolean;
  /** Whether a sentence ends before it. */
  readonly opens: boolean;
}

const negations =
  /^(?:no|not|never|none|nothing|neither|nor|without|hardly|barely|scarcely|seldom|rarely|cannot|cant|dont|doesnt|didnt|wont|isnt|wasnt|arent|werent|couldnt|wouldnt|shouldnt|hasnt|havent|\w+n't)$/;
/** What stands before a wish. */
const wishes = /^(?:would|could|\w+'d|if)$/;
const negationTurns = -0.74;
const negationReach = 3;

const strengtheners =
  /^(?:very|really|so|extremely|absolutely|totally|completely|incredibly|highly|too|most|more|especially|exceptionally|particularly|amazingly|super|quite|truly|utterly|deeply|enormously|entirely|fully|greatly|hella|hugely|insanely|intensely|majorly|purely|remarkably|thoroughly|tremendously|unbelievably|unusually|such|damn|fucking|freaking)$/;
const weakeners =
  /^(?:almost|barely|hardly|kinda|sorta|kind|sort|less|little|marginally|occasionally|partly|scarcely|slightly|somewhat|fairly)$/;
const degreeStep = 0.293;
const degreeFades = [1, 0.95, 0.9];
const shoutStep = 0.733;
const butWords = new Set(['but', 'however', 'although', 'though']);
const beforeBut = 0.5;
const afterBut = 1.5;

const wordPattern = /[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*|\p{Extended_Pictographic}/gu;

/** The words of the text in order, each with its feeling. */
export function feelingTokens(text: string, valences: Valences): FeelingToken[] {
  const raw = rawTokens(text, valences);
  const butAt = raw.findLastIndex(({ word }) => butWords.has(word));
  return raw.map((token, at) => {
    const { word, start, end } = token;
    const before = precedersOf(raw, at);
    const negated = before.some(({ word: each }) => negations.test(each));
    const wished = !negated && wishedWords.has(word) && before.some(({ word: each }) => wishes.test(each));
    const own = wished ? 0 : valenceOf(word, valences);
    const strong = own === 0 ? 0 : withDegree(own, token, before);
    const weight = butAt < 0 || strong === 0 ? 1 : at < butAt ? beforeBut : afterBut;
    return { word, start, end, negated, value: weight * (negated ? negationOf(word, strong) : strong) };
  });
}

function rawTokens(text: string, valences: Valences): RawToken[] {
  const mixedCase = /\p{Ll}/u.test(text);
  const tokens: RawToken[] = [];
  let opens = true;
  for (const chunk of text.matchAll(/\S+/gu)) {
    const whole = chunk[0].toLowerCase();
    const isEmoticon = !/[\p{L}\p{N}]{2}/u.test(whole) && /[^\p{L}\p{N}]/u.test(whole) && valences.has(whole);
    if (isEmoticon) {
      const span = { start: chunk.index, end: chunk.index + whole.length };
      tokens.push({ ...span, word: whole, shouted: false, opens });
    } else {
      for (const match of chunk[0].matchAll(wordPattern)) {
        const start = chunk.index + match.index;
        const shouted = mixedCase && /^\p{Lu}{2,}$/u.test(match[0]);
        const word = match[0].toLowerCase().replaceAll('’', "'");
        tokens.push({ word, start, end: start + match[0].length, shouted, opens });
        opens = false;
      }
    }
    opens = /[.!?;:]["')]*$/.test(chunk[0]);
  }
  return tokens;
}

/** Up to three words before, nearest first, within the sentence. */
function precedersOf(tokens: readonly RawToken[], at: number): RawToken[] {
  const before: RawToken[] = [];
  for (let index = at; index > 0 && before.length < negationReach && !tokens[index]?.opens; index -= 1) {
    const token = tokens[index - 1];
    if (token) before.push(token);
  }
  return before;
}

/** A hyphenated word that is not known feels like its parts. */
function valenceOf(word: string, valences: Valences): number {
  const known = complaintScores[word] ?? valences.get(word);
  if (known !== undefined) return known;
  return word.includes('-')
    ? word.split('-').reduce((sum, part) => sum + (complaintScores[part] ?? valences.get(part) ?? 0), 0)
    : 0;
}

function withDegree(own: number, { shouted }: RawToken, before: readonly RawToken[]): number {
  const sign = Math.sign(own);
  const degrees = before.map(({ word }, distance) => {
    const fade = degreeFades[distance] ?? 0;
    return strengtheners.test(word) ? degreeStep * fade : weakeners.test(word) ? -degreeStep * fade : 0;
  });
  return own + sign * (degrees.reduce((sum, degree) => sum + degree, 0) + (shouted ? shoutStep : 0));
}

/** A denied complaint word ("no needles") is still about the complaint, so it never turns into praise. */
function negationOf(word: string, value: number): number {
  const isComplaint = (complaintScores[word] ?? 0) < 0;
  return isComplaint ? value / 2 : value * negationTurns;
}
