// What one token shows by itself: its letters, its look, and what is known of the word. Numbers throughout, because they are hashed
// further into features.

import { joinHashes, textHash } from '../../text/text-hash.ts';
import { isCapitalised } from '../../text/words.ts';
import type { Token } from './tokens.ts';
import type { FindWord } from './word-list.ts';

/** One token in numbers. */
export interface TokenFacts {
  /** Hash of the word in lower case. */
  readonly word: number;
  /** Hash of its look: runs of upper case, lower case and digits each as one sign. */
  readonly shape: number;
  /** Hashes of its first one to four letters, and of its last ones; empty for signs. */
  readonly prefixes: readonly number[];
  readonly suffixes: readonly number[];
  /** 0 (common) to 6 (rare), `unknownWord` for a word that is not listed. */
  readonly commonness: number;
  /** As in the word list; each `unknownCluster` for a word that is not listed. */
  readonly coarse: number;
  readonly middle: number;
  readonly fine: number;
  readonly isWord: boolean;
  readonly isCapital: boolean;
  readonly isAllCapital: boolean;
  /** Upper case after lower case, as in a handle: `realDonaldTrump`. */
  readonly isCamel: boolean;
  readonly mixesDigits: boolean;
  /** Whether the token stands where every word has a capital: at the beginning, after a stop, after an opening quote. */
  readonly opens: boolean;
  /** Hashes of the telling classes that the tagger gives it. */
  readonly tags: readonly number[];
}

/** The commonness of a word that is not listed. */
export const unknownWord = 7;

/** The cluster of a word that is not listed. */
export const unknownCluster = 1024;

const affixLengthMax = 4;
const tellingTags = new Map(
  `ProperNoun Person FirstName LastName MaleName FemaleName Place City Country Region Organization Company SportsTeam Acronym Pronoun
   Determiner Preposition Conjunction Verb Adjective Adverb Noun Plural Singular Possessive Value Date Demonym Honorific Expression
   Hashtag AtMention Uncountable Gerund PastTense Infinitive Copula`
    .split(/\s+/)
    .map((tag) => [tag, textHash(tag)]),
);
const nothing = textHash('');

/** What stands before the first and behind the last token. */
export const edge: TokenFacts = {
  ...{ word: nothing, shape: nothing, prefixes: [], suffixes: [], tags: [] },
  ...{ commonness: unknownWord, coarse: unknownCluster, middle: unknownCluster, fine: unknownCluster },
  ...{ isWord: false, isCapital: false, isAllCapital: false, isCamel: false },
  ...{ mixesDigits: false, opens: false },
};

/** The facts of each token, in their order. */
export function factsOf(tokens: readonly Token[], findWord: FindWord): TokenFacts[] {
  return tokens.map((token, at) => factsOfToken(token, tokens[at - 1], findWord));
}

function factsOfToken({ text, tags }: Token, before: Token | undefined, findWord: FindWord): TokenFacts {
  const lower = text.toLowerCase().replaceAll('’', "'");
  const known = findWord(lower);
  const isWord = /[\p{L}\p{N}]/u.test(text);
  return {
    word: textHash(lower),
    shape: shapeHash(text),
    prefixes: isWord ? affixes(lower, (length) => lower.slice(0, length)) : [],
    suffixes: isWord ? affixes(lower, (length) => lower.slice(-length)) : [],
    commonness: known?.commonness ?? unknownWord,
    coarse: known === undefined ? unknownCluster : known.cluster >> 4,
    middle: known === undefined ? unknownCluster : known.cluster >> 2,
    fine: known?.cluster ?? unknownCluster,
    isWord,
    isCapital: isCapitalised(text),
    isAllCapital: /^\p{Lu}{2,}$/u.test(text),
    isCamel: /\p{Ll}\p{Lu}/u.test(text),
    mixesDigits: /\p{L}\p{N}|\p{N}\p{L}/u.test(text),
    opens: before === undefined || /^[.!?:"“']$/u.test(before.text),
    tags: [...tags].flatMap((tag) => tellingTags.get(tag) ?? []),
  };
}

function affixes(word: string, cut: (length: number) => string): number[] {
  return Array.from({ length: Math.min(affixLengthMax, word.length) }, (_, at) => textHash(cut(at + 1)));
}

/** "McDonald's-24" looks like "AaAa'a-0". */
function shapeHash(text: string): number {
  let hash = nothing;
  let last = '';
  for (const sign of text) {
    const look = /\p{Lu}/u.test(sign) ? 'A' : /\p{L}/u.test(sign) ? 'a' : /\p{N}/u.test(sign) ? '0' : sign;
    if (look !== last) hash = joinHashes(hash, textHash(look));
    last = look;
  }
  return hash;
}
