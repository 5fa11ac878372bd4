// The feeling of a text: what a model of feelings rates it, and the words that say so. It knows English only, and that people who report
// a defect write of bad things without feeling bad.

import { placeOfMax, sharesOf } from '../category/linear-scorer.ts';
import type { Span } from '../skill.ts';
import { praisePattern } from './sentiment-lexicon.ts';
import { outputsOf, type SentimentModel } from './sentiment-model.ts';
import { feelingTokens } from './sentiment-words.ts';

/** What a text feels like; `mixed` has both sides strongly. */
export type Sentiment = 'positive' | 'negative' | 'neutral' | 'mixed';

/** A feeling that is not mixed. */
export type PlainSentiment = Exclude<Sentiment, 'mixed'>;

/** A judgement with the words that it rests on. */
export interface SentimentFinding {
  readonly sentiment: Sentiment;
  /** The likeliest of the three plain feelings; the same as `sentiment` unless that is `mixed`. */
  readonly leaning: PlainSentiment;
  /** How people would rate the text, −1..1. */
  readonly score: number;
  /** 0..1. */
  readonly confidence: number;
  /** The strongest words, in text order, at most five. */
  readonly spans: readonly Span[];
}

interface ScoredWord extends Span {
  readonly value: number;
}

const praiseValue = 3;
/** What thanks for something done add to the rating of a text, and to the score of positive. */
const praiseBonus = { rating: 0.3, positive: 3.2 };
/** Part of the balance of feelings in the score, and what rating a certain feeling stands for. */
const [balancePart, balanceSpan] = [0.4, 0.5];
const mixedMin = 3;
const spansMax = 5;
/** A word that says less is no reason to tell. */
const spanValueMin = 0.5;
const plain = ['negative', 'neutral', 'positive'] as const;

/** Rates the text. Words of other languages count nothing. */
export function judgeSentiment(text: string, model: SentimentModel): SentimentFinding {
  const tokens = feelingTokens(text, model.valences);
  const praise = praises(text);
  const words = [...tokens.filter(({ value }) => Math.abs(value) >= spanValueMin), ...praise];
  const bonus = praise.length > 0 ? praiseBonus : { rating: 0, positive: 0 };
  const [rating, negative, neutral, positive] = outputsOf(text, tokens, model);
  const shares = sharesOf([negative, neutral, positive + bonus.positive]);
  const likeliest = placeOfMax(shares);
  const leaning = plain[likeliest] ?? 'neutral';
  return {
    sentiment: isMixed(words) ? 'mixed' : leaning,
    leaning,
    score: scoreOf(rating + bonus.rating, shares),
    confidence: Math.min(0.9, shares[likeliest] ?? 0),
    spans: strongest(words),
  };
}

/** The rating and how far one feeling is likelier than its contrary: together they agree with people better than the rating alone. */
function scoreOf(rating: number, [negative = 0, , positive = 0]: readonly number[]): number {
  const score = (1 - balancePart) * rating + balancePart * balanceSpan * (positive - negative);
  return Math.max(-1, Math.min(1, score));
}

/** Both sides are strong, and neither twice the other. */
function isMixed(words: readonly ScoredWord[]): boolean {
  const positive = sumOf(words.filter(({ value }) => value > 0));
  const negative = -sumOf(words.filter(({ value }) => value < 0));
  const [less, more] = [Math.min(positive, negative), Math.max(positive, negative)];
  return less >= mixedMin && less * 2 >= more;
}

function praises(text: string): ScoredWord[] {
  return [...text.matchAll(praisePattern)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    value: praiseValue,
  }));
}

function sumOf(words: readonly ScoredWord[]): number {
  return words.reduce((sum, word) => sum + word.value, 0);
}

function strongest(words: readonly ScoredWord[]): Span[] {
  return [...words]
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value) || a.start - b.start)
    .slice(0, spansMax)
    .sort((a, b) => a.start - b.start)
    .map(({ start, end }) => ({ start, end }));
}
