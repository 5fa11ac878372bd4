// Firms and utilities that are named as people name them, without "the company": "Acme Construction left a hole", "National Grid dug up the
// road". It goes by the word for the trade, by the legal form, by who works for them, and by a short list of utilities; a trade alone
// ("Road Construction") names nobody.

import { ordinaryWords } from '../geo/ordinary-words.ts';
import { cuttingWords, genericNames } from '../geo/street-words.ts';
import type { Span } from '../skill.ts';
import { isShouted } from '../text/words.ts';
import { assetWords, emptyNouns, matterWords, stateWords } from './phrase-words.ts';

const trades =
  'Construction|Excavat(?:ion|ing)|Contract(?:ing|ors)|Builders|Paving|Roofing|Plumbing|Landscaping|Demolition|Drilling|Scaffolding|Engineering|Towing|Hauling|Trucking|Logistics|Disposal|Sanitation|Waste|Energy|Electric|Gas|Oil|Power|Utilities|Telecom|Cable|Properties|Realty|Security|Cleaners|Movers|Rentals|Brothers|Bros|Associates|Partners|Enterprises|Industries|Group|Holdings';
const forms = 'Inc|LLC|Ltd|Corp|Corporation|Company|GmbH|PLC';
const staff = 'crews?|technicians?|employees?|contractors?|subcontractors?|linemen';
const name = "\\p{Lu}[\\p{L}\\p{N}'’]*(?:-\\p{L}+)?";
const named = `(?:(?:\\p{Lu}\\.\\s?)*${name}(?:\\s(?:&\\s|and\\s)?${name}){0,3}?)`;

/** A name and what it is, its first group the words before. */
const byTrade = new RegExp(
  `(?<![\\p{L}\\p{N}])(${named})(?:\\s(?:&|and)\\sSons)?,?\\s(?:${trades}|${forms})(?:\\s(?:Services?|Group|${forms}))?(?![\\p{L}\\p{N}])`,
  'gu',
);
const byStaff = new RegExp(`(?<![\\p{L}\\p{N}])(${named})(?=\\s(?:${staff})(?![\\p{L}\\p{N}]))`, 'gu');
/** Utilities, carriers and haulers that serve many towns; people write them in any case. */
const byList = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:${[
    'National Grid|Eversource|Con Edison|ConEd(?:ison)?|Pacific Gas (?:and|&) Electric|PG&E|Duke Energy|Dominion Energy|Florida Power (?:and|&) Light',
    'Southern California Edison|Commonwealth Edison|ComEd|Pepco|PSE&G|Xcel Energy|Washington Gas|Thames Water|Scottish Water|Enbridge',
    'Waste Management|Allied Waste|Republic Services|Salvation Army|Whole Foods|Comcast|Verizon|T-Mobile|FedEx|Greyhound|Amtrak',
  ].join('|')})(?![\\p{L}\\p{N}])`,
  'giu',
);
/** Bodies of the public have trades too, and are no firms. */
const publicBody = /\b(?:County|City|Town|State|Department|Emergency|Public)\b/;
/** Words that stand before a trade without naming a firm: kinds of work, times, and who does not matter. */
const plain = new Set(
  `the a an this that these those our your my their his her its new old night day heavy illegal loud big huge major constant public private local
   city town county state federal please no more other another same any all every building house home road street bridge highway sewer roof
   please unsafe ongoing nearby commercial residential work emergency community neighborhood property land solid hazardous natural electric gas
   power water trash yard bulk snow plow delivery box moving garbage recycling dump tow utility cable construction excavation when while and
   but also because after before since during if why who what how where there here today yesterday tomorrow missed transportation monday tuesday wednesday thursday
   friday saturday sunday morning evening two three four several many some most safety parking traffic project risk time case`.split(
    /\s+/,
  ),
);

/** The firms in text order, without overlaps; none in a text that shouts, where capitals prove nothing. */
export function findFirms(text: string): Span[] {
  if (isShouted(text)) return [];
  const listed = [...text.matchAll(byList)].map(({ 0: whole, index }) => ({
    start: index,
    end: index + whole.length,
  }));
  const spotted = [byTrade, byStaff].flatMap((pattern) =>
    [...text.matchAll(pattern)].flatMap((match) => firmIn(match)),
  );
  const firms: Span[] = [];
  for (const span of [...listed, ...spotted]) {
    if (!firms.some((firm) => span.start < firm.end && firm.start < span.end)) firms.push(span);
  }
  return firms.sort((a, b) => a.start - b.start);
}

/** The match from its first telling word on; none where no word before the trade is a name. */
function firmIn({ 0: whole, 1: before = '', index }: RegExpMatchArray): Span[] {
  const at = index ?? 0;
  const words = [...before.matchAll(/\S+/gu)];
  const first = words.find(([word]) => word.length > 2 && !isPlain(word));
  if (first === undefined || publicBody.test(whole)) return [];
  // Initials belong to the name that they stand before: "J. Derenzo".
  const initials = words.find(([word], nth) => /^\p{Lu}\.$/u.test(word) && words[nth + 1] === first);
  return [{ start: at + (initials ?? first).index, end: at + whole.length }];
}

function isPlain(word: string): boolean {
  const lower = word.toLowerCase().replace(/['’]s$/, '');
  return [
    plain,
    ordinaryWords,
    genericNames,
    cuttingWords,
    assetWords,
    emptyNouns,
    matterWords,
    stateWords,
  ].some((words) => words.has(lower));
}
