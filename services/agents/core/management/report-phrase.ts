// How a command says which reports it is about: by id, by pointing at what was shown before, by describing them, or not at all. It finds no
// reports; a description is read in report-description.ts.
import { reportNouns, trailingCourtesy } from './command-words.ts';

/** What a phrase stands for. `open` names nothing, so that what was spoken of before is meant. */
export type ReportPhrase =
  | { readonly kind: 'ids'; readonly ids: readonly string[] }
  | { readonly kind: 'pointed' }
  | { readonly kind: 'described'; readonly text: string }
  | { readonly kind: 'unclear'; readonly why: string }
  | { readonly kind: 'open' };

const incidentIds = /(?<![\w])inc_[0-9a-z]+(?![\w])/gi;
const leading = /^(?:(?:of|for|on|in|with|to|from|about|over)\b\s*)+/i;
const pointing =
  /^(?:all\s+(?:of\s+)?|both\s+(?:of\s+)?|each\s+of\s+)?(?:this|these|those|that)\b(?!\s+(?:day|week|month|year|morning|afternoon|evening|night)s?\b)(?<rest>.*)$/i;
const pronoun =
  /^(?:all\s+of\s+|both\s+of\s+|each\s+of\s+)?(?:it|them|they|both)(?:\s+all)?$|^(?:all|everything)$/i;
const shownBefore =
  'above|listed|found|mentioned|shown|(?:in|of|from)\\s+(?:the\\s+)?(?:last|previous)\\s+answer|(?:that\\s+)?you\\s+\\w+';
const spokenOf = new RegExp(
  [
    `^(?:all\\s+(?:of\\s+)?)?the\\s+(?:${reportNouns})$`,
    `^(?:all\\s+(?:of\\s+)?)?(?:the\\s+)?(?:${reportNouns}|results?|ones?)\\s+(?:${shownBefore})$`,
    `^(?:all\\s+(?:of\\s+)?)?(?:the\\s+)?(?:above|previous|mentioned|listed)\\s+(?:${reportNouns})$`,
    '^(?:all\\s+(?:of\\s+)?)?(?:the\\s+)?(?:same(?:\\s+ones?)?|above|(?:last|previous)\\s+(?:answer|results?|list|ones?)|results?|ones?)$',
  ].join('|'),
  'i',
);
const restricting =
  /\b(?:on|in|at|near|along|from|that|which|with|without|about|reported|where|except|but|not)\b/i;

/** Reads a phrase. `shown` is how many reports the last answer showed. */
export function readPhrase(phrase: string, shown: number): ReportPhrase {
  const ids = [...new Set((phrase.match(incidentIds) ?? []).map((id) => id.toLowerCase()))];
  if (/\b(?:except|but|not|excluding|without)\b[^,]*\binc_/i.test(phrase)) {
    return { kind: 'unclear', why: 'Exceptions are not understood: name the reports that are meant' };
  }
  if (ids.length > 0) return { kind: 'ids', ids };
  const text = trimmed(phrase);
  if (text === '') return { kind: 'open' };
  if (pronoun.test(text) || spokenOf.test(text)) return { kind: 'pointed' };
  const pointed = pointing.exec(text);
  if (!pointed) return { kind: 'described', text };
  const rest = pointed.groups?.rest ?? '';
  if (shown === 1 || !restricting.test(rest)) return { kind: 'pointed' };
  return { kind: 'unclear', why: `Which of the reports shown are meant by "${text}" is not understood` };
}

/** True for words that speak of reports rather than of people or values. */
export function speaksOfReports(words: string): boolean {
  const text = trimmed(words);
  const opening = /^(?:this|these|those|that|it|them|all|every|each|both|everything)\b/i.test(text);
  return opening || spokenOf.test(text) || new RegExp(`\\b(?:${reportNouns}|inc_\\w+)\\b`, 'i').test(text);
}

function trimmed(phrase: string): string {
  const bare = phrase.replace(trailingCourtesy, '').replace(/^[\s,:;.-]+|[\s,:;.-]+$/g, '');
  return bare.replace(leading, '').trim();
}
