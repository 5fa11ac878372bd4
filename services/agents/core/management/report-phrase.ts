// How a command says which reports it is about: by id, by pointing at or picking from what was shown before, by describing them, with
// exceptions, or not at all. It finds no reports; a description is read in report-description.ts.
import { numberWords } from '../number-words.ts';
import { reportNouns, trailingCourtesy } from './command-words.ts';
import { type ListPick, readPick } from './list-places.ts';

/** What a phrase stands for. `open` names nothing, so that what was spoken of before is meant. */
export type ReportPhrase =
  | { readonly kind: 'ids'; readonly ids: readonly string[] }
  /** Those shown; `one` holds the words where they speak of a single report, `count` how many there must be. */
  | { readonly kind: 'pointed'; readonly one?: string; readonly count?: number }
  | { readonly kind: 'picked'; readonly text: string; readonly pick: ListPick }
  | { readonly kind: 'described'; readonly text: string }
  /** Those shown that fit the description. */
  | { readonly kind: 'among'; readonly text: string }
  | { readonly kind: 'several'; readonly phrases: readonly ReportPhrase[] }
  | { readonly kind: 'except'; readonly from: ReportPhrase; readonly minus: ReportPhrase }
  /** The whole domain. */
  | { readonly kind: 'everything'; readonly text: string }
  | { readonly kind: 'unclear'; readonly why: string }
  | { readonly kind: 'open' };

const incidentIds = /(?<![\w])inc_[0-9a-z]+(?![\w])/gi;
const leading = /^(?:(?:of|for|on|in|with|to|from|about|over)\b\s*)+/i;
const pointing =
  /^(?<all>all\s+(?:of\s+)?|both\s+(?:of\s+)?|each\s+of\s+)?(?<word>this|these|those|that)\b(?!\s+(?:day|week|month|year|morning|afternoon|evening|night)s?\b)(?<rest>.*)$/i;
const pronoun =
  /^(?:all\s+of\s+|both\s+of\s+|each\s+of\s+)?(?:it|them|they|both)(?:\s+all)?$|^(?:all|both)(?:\s+of\s+(?:it|them|these|those))?$/i;
const shownBefore =
  'above|listed|found|mentioned|shown|(?:in|of|from)\\s+(?:the\\s+)?(?:last|previous)\\s+answer|(?:that\\s+)?you\\s+\\w+';
const spokenOf = new RegExp(
  [
    `^(?:all\\s+(?:of\\s+)?)?the\\s+(?:${reportNouns})$`,
    `^(?:all\\s+(?:of\\s+)?)?(?:the\\s+)?(?:${reportNouns}|results?|ones?)\\s+(?:${shownBefore})$`,
    `^(?:all\\s+(?:of\\s+)?)?(?:the\\s+)?(?:above|previous|mentioned|listed)\\s+(?:${reportNouns})$`,
    '^(?:all\\s+(?:of\\s+)?)?(?:the\\s+)?(?:same(?:\\s+ones?)?|above|(?:last|previous)\\s+(?:answer|results?|list|ones)|results?|ones)$',
  ].join('|'),
  'i',
);
const several = numberWords.slice(1);
const shownAmount = new RegExp(
  `^(?:(?:all|these|those|the)\\s+)+(?:of\\s+(?:these|those|the)\\s+)?(?<n>${several.join('|')}|\\d{1,2})(?:\\s+(?:of\\s+(?:them|these|those)|${reportNouns}))?$|^(?<both>both)(?:\\s+(?:of\\s+)?(?:them|these|those|reports))?$`,
  'i',
);
const singular =
  /^(?:it|this|that)\b|^(?:the\s+)?(?:same one|report|complaint|case|issue|incident|ticket|request|problem|result)\b/i;
const restricting =
  /\b(?:on|in|at|near|along|from|that|which|with|about|reported|where|older|newer|since|before)\b/i;
const someOfThem =
  /^(?:all\s+(?:of\s+)?|only\s+)?(?:the\s+|those\s+|these\s+)?(?:(?<kind>[\p{L} -]+?)\s+)?ones?(?<rest>\s+.+)?$/iu;
const exception =
  /^(?<from>.+?)[\s,]*\b(?:except(?:\s+for)?|but(?:\s+not)?|excluding|other\s+than|apart\s+from|besides)\s+(?<minus>.+)$/i;
const wholeDomain = new RegExp(
  `^(?:absolutely\\s+)?(?:everything|every\\s+single\\s+(?:${reportNouns})|(?:all|every|each)\\s+(?:of\\s+)?(?:the\\s+)?(?:existing\\s+)?(?:${reportNouns}))(?:\\s+(?:in|of)\\s+(?:the\\s+)?(?:system|domain|database|list|whole\\s+city))?$`,
  'i',
);
const nextPhrase =
  /\s*(?:,\s*(?:and\s+)?|\band\b\s*|&\s*)(?=(?:the|all|every|each|that|this|these|those|it|any)\b)/i;

/** Reads a phrase. `shown` is how many reports the last answer showed. */
export function readPhrase(phrase: string, shown: number): ReportPhrase {
  const text = trimmed(phrase);
  const { from, minus } = exception.exec(text)?.groups ?? {};
  if (from !== undefined && minus !== undefined) {
    return { kind: 'except', from: readPhrase(from, shown), minus: readPhrase(minus, shown) };
  }
  const ids = [...new Set((phrase.match(incidentIds) ?? []).map((id) => id.toLowerCase()))];
  if (/\b(?:not|without)\b[^,]*\binc_/i.test(phrase)) {
    return { kind: 'unclear', why: 'Exceptions are not understood: name the reports that are meant' };
  }
  if (ids.length > 0) return { kind: 'ids', ids };
  if (text === '') return { kind: 'open' };
  const pick = readPick(text);
  if (pick) return { kind: 'picked', text, pick };
  return severalIn(text, shown) ?? pointedAt(text, shown) ?? described(text);
}

/** True for words that speak of reports rather than of people or values. */
export function speaksOfReports(words: string): boolean {
  const text = trimmed(words);
  const opening = /^(?:this|these|those|that|it|them|all|every|each|both|everything)\b/i.test(text);
  return opening || spokenOf.test(text) || new RegExp(`\\b(?:${reportNouns}|inc_\\w+)\\b`, 'i').test(text);
}

function described(text: string): ReportPhrase {
  return wholeDomain.test(text) ? { kind: 'everything', text } : { kind: 'described', text };
}

// "The leak on Elm St and the pothole on Oak Ave". Where only the last of several is restricted, its restriction may be meant for all.
function severalIn(text: string, shown: number): ReportPhrase | undefined {
  const parts = text.split(nextPhrase).map((part) => part.trim());
  if (parts.length < 2 || parts.includes('')) return undefined;
  const bound = parts.map((part) => restricting.test(part));
  if (bound.at(-1) && bound.slice(0, -1).some((each) => !each)) {
    return { kind: 'unclear', why: `Whether all of "${text}" is meant for the same place is not clear` };
  }
  return { kind: 'several', phrases: parts.map((part) => readPhrase(part, shown)) };
}

function pointedAt(text: string, shown: number): ReportPhrase | undefined {
  const amount = shownAmount.exec(text)?.groups;
  if (amount) return { kind: 'pointed', count: amountIn(amount) };
  if (pronoun.test(text) || spokenOf.test(text)) {
    return singular.test(text) ? { kind: 'pointed', one: text } : { kind: 'pointed' };
  }
  const ones = someOfThem.exec(text)?.groups;
  if (ones !== undefined)
    return { kind: 'among', text: `${ones.kind ?? ''} reports ${ones.rest ?? ''}`.trim() };
  const { all = '', word = '', rest = '' } = pointing.exec(text)?.groups ?? {};
  if (word === '') return undefined;
  if (shown !== 1 && restricting.test(rest)) {
    return {
      kind: 'among',
      text: /^\s*(?:on|in|at|near|along|from|that|which|with|about|reported|where)/i.test(rest)
        ? `reports ${rest.trim()}`
        : rest.trim(),
    };
  }
  return all === '' && singular.test(word) ? { kind: 'pointed', one: text } : { kind: 'pointed' };
}

function amountIn({ n = '', both }: Readonly<Record<string, string | undefined>>): number {
  const at = several.indexOf((both === undefined ? n : 'two').toLowerCase());
  return at < 0 ? Number(n) : at + 2;
}

function trimmed(phrase: string): string {
  const bare = phrase.replace(trailingCourtesy, '').replace(/^[\s,:;.-]+|[\s,:;.-]+$/g, '');
  return bare.replace(leading, '').trim();
}
