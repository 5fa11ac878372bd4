// Which readings of running text are hardly times: "May I ask", "5/6 lanes", "1920 Main Street", "at 20 percent". Judged by the neighbours.

import type { Span } from '../skill.ts';
import { wordsOfTwoMinds } from './lexicon.ts';

/** A stretch of the text, in plain signs, that some rule takes for a time. */
export interface Candidate extends Span {
  readonly text: string;
}

const twoMinded = /^(?:the )?(?<word>[a-z]+)\.?$/i;
const weakPreposition =
  /\b(?:in|since|of|by|during|from|until|till|to|last|next|early|late|mid|through|before|after|between|or|and|on)[\s-]+$/i;
const strongPreposition =
  /\b(?:in|since|of|by|during|from|until|till|last|next|early|late|mid|through|before|after|between)[\s-]+$/i;
const measureAfter =
  /^\s*(?:-\s*)?(?:%|per ?cent|miles?|mph|feet|ft|foot|cars?|people|persons?|inch(?:es)?|yards?|times|degrees|points?|units?|blocks?|houses?|dollars|euros|pounds|million|billion|lanes?|point|time|stage|students|coins|full|empty|way|done|gb|mb|ghz|km|kg|lbs?|years? old|street|st\b|avenue|ave\b|road|rd\b|"|')/i;
const datePreposition =
  /(?:\b(?:on|since|from|by|until|till|through|thru|between|before|after|dated|of|to|and|or|this|next|last|around|about|mon|tue|tues|wed|thu|thurs|fri|sat|sun)\w*[.,]?\s*|[-:(,/]\s*|^\s*|[.!?]\s+)$/i;
const yearPreposition =
  /(?:\b(?:in|since|of|early|late|back in|year|by|before|after|until|till|from|to|through|during|between|and|the|for|mid|than|or|on|than|around|circa|spring|summer|autumn|fall|winter|conference|text|>|<|=)|[(>=<])[\s-]*$/i;
const streetAfter =
  /^\.?\s+(?:block|[A-Z]\w+ (?:St|Ave|Rd|Blvd|Dr|Ln|Street|Avenue|Road|Drive|Lane|Way|Place)\b)/;
const streetWordAfter =
  /^\.?\s+(?:st|street|ave|avenue|rd|road|blvd|dr|drive|ln|lane|way|place|pl|court|ct|square|sq)\b/i;
const seasonPreposition =
  /\b(?:in|since|of|during|last|this|next|past|every|each|late|early|mid|by|until|till|the)[\s-]+$/i;

const ordinalDay =
  /^(?:(?:on|since|after|before|until|by|from) )?(?<the>the )?(?:\d{1,2}(?:st|nd|rd|th)|(?:twenty|thirty)?[- ]?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\w+teenth|eleventh|twelfth|twentieth|thirtieth))$/i;
const closesPhrase =
  /^\s*(?:[.,;:!?)-]|$|(?:at|in|and|or|to|until|till|from|between|for|when|it|we|i|they|he|she)\b)/i;
/** Hours or a run of hours in figures without am or pm; four figures alone are a year. */
const bareFigures =
  /^(?:(?:between|from|at|around|about) )?(?:\d{1,3}|\d{1,4}\s?(?:and|or|to|till|until|-)\s?\d{1,4})$/i;
const goesOn =
  /^\s*(?:[.,;:!?)"'-]|$|(?:at|in|on|and|or|to|until|till|from|between|for|when|while|if|because|as|but|so|with|by|please|it|we|i|he|she|they|you|this|that|is|was|are|were|today|tomorrow|tonight|yesterday|sharp|local)\b)/i;
const festiveThing =
  /^\s+(?:trees?|lights?|decorations?|wreaths?|part(?:y|ies)|shopping|presents?|gifts?|cards?|candy|costumes?|market)\b/i;

interface Doubt {
  readonly of: RegExp;
  /** Whether it is no time after all. */
  readonly holds: (candidate: Candidate, before: string, after: string) => boolean;
}

const doubts: readonly Doubt[] = [
  { of: /^(?:the )?[a-z]+\.?$/i, holds: isOrdinaryWord },
  {
    of: /^\d{1,2}[/.]\d{1,2}\.?$/,
    holds: (_, before, after) =>
      !datePreposition.test(before) || measureAfter.test(after) || /^\s*(?:of|th)\b/.test(after),
  },
  { of: /^\d{4}$/, holds: ({ text }, before, after) => isNoYear(text, before, after) },
  { of: /^(?:morning|afternoon|evening|night|day)$/i, holds: (_, before) => /\bgood\s+$/i.test(before) },
  { of: bareFigures, holds: (_, __, after) => !goesOn.test(after) },
  { of: /^(?:the )?[a-z]+$/i, holds: (_, __, after) => streetWordAfter.test(after) },
  { of: /^(?:summer|winter|spring|autumn|fall)$/i, holds: (_, __, after) => /^ [A-Z]/.test(after) },
  {
    of: ordinalDay,
    holds: ({ text }, before, after) =>
      !/\bthe /i.test(text) && !/\bthe\s+$/i.test(before) ? true : !closesPhrase.test(after),
  },
  {
    of: /^(?:christmas|xmas|halloween|easter|thanksgiving)$/i,
    holds: (_, __, after) => festiveThing.test(after),
  },
  {
    of: /^(?:the )?(?:summer|winter|spring|autumn|fall)$/i,
    holds: (_, __, after) => streetWordAfter.test(after),
  },
  { of: /^recent$/i, holds: (_, before) => /\b(?:most|more)\s+$/i.test(before) },
  {
    of: /^(?:at |around |about |by |until )?(?:\d{1,4}(?:\.\d+)?|one|two|three|four|five|six|seven|eight|nine|ten)$/i,
    holds: (_, before, after) =>
      measureAfter.test(after) ||
      streetAfter.test(after) ||
      streetWordAfter.test(after) ||
      /[$#]$/.test(before),
  },
  { of: /\d$/, holds: (_, __, after) => /^\s*(?:%|per ?cent\b|miles?\b|mph\b|dollars\b)/i.test(after) },
  { of: /./, holds: (_, before, after) => /[$#@\w]$/.test(before) || /^\w/.test(after) },
  {
    of: /^(?:this|the) (?:may|march)$/i,
    holds: ({ text }, before) => !/M/.test(text) && !weakPreposition.test(before),
  },
];

/** Whether the words, seen in their sentence, can well be a time. */
export function isPlausible(text: string, candidate: Candidate): boolean {
  const before = text.slice(Math.max(0, candidate.start - 40), candidate.start);
  const after = text.slice(candidate.end, candidate.end + 30);
  return !doubts.some(({ of, holds }) => of.test(candidate.text) && holds(candidate, before, after));
}

/** "May", "sun" and "fall" alone need a word of time before them, and a capital helps the short ones. */
function isOrdinaryWord({ text }: Candidate, before: string, after: string): boolean {
  const word = twoMinded.exec(text)?.groups?.word ?? '';
  const lower = word.toLowerCase();
  if (/^'s?\b/.test(after) && !/^(?:yesterday|today|tomorrow)/.test(lower)) return /^(?:sun|sat)/.test(lower);
  if (lower === 'may' || lower === 'march')
    return !(/^M/.test(word) ? weakPreposition : strongPreposition).test(before);
  if (lower === 'fall' || lower === 'second') return !/^the /i.test(text) && !seasonPreposition.test(before);
  if (!wordsOfTwoMinds.has(lower)) return false;
  return !/^[A-Z]/.test(word) && !weakPreposition.test(before);
}

/** Four figures are a year after a preposition, or when they are near our time and nothing is counted by them. */
function isNoYear(figures: string, before: string, after: string): boolean {
  const year = Number(figures);
  if (
    /[$#£€]\s?$/.test(before) ||
    measureAfter.test(after) ||
    streetAfter.test(after) ||
    streetWordAfter.test(after)
  )
    return true;
  if (yearPreposition.test(before)) return year < 1500 || year > 2200;
  return year < 1980 || year > 2035;
}
