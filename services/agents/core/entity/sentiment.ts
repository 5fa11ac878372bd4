// The feeling of a text by the words it uses: a general list of scored words, corrected for how people write complaints.

import scoreWords from 'wink-sentiment';
import type { Span } from '../skill.ts';
import { complaintScores, praisePattern } from './sentiment-lexicon.ts';

/** What a text feels like; `mixed` has both sides strongly. */
export type Sentiment = 'positive' | 'negative' | 'neutral' | 'mixed';

/** A judgement with the words that it rests on. */
export interface SentimentFinding {
  readonly sentiment: Sentiment;
  /** The sum over the words, unbounded; the sign is the feeling. */
  readonly score: number;
  /** 0..1. */
  readonly confidence: number;
  /** The strongest words, in text order, at most five. */
  readonly spans: readonly Span[];
}

interface ScoredWord extends Span {
  readonly value: number;
}

const praiseValue = 4;
const negativeMin = 2;
/** Reports praise seldom and a stray friendly word proves little, so praise needs more. */
const positiveMin = 3;
const mixedMin = 3;
const spansMax = 5;

/** Scores the text. English only: words of other languages count nothing. */
export function judgeSentiment(text: string): SentimentFinding {
  const words = [...scoredWords(text), ...praises(text)];
  const positive = sumOf(words.filter((word) => word.value > 0));
  const negative = -sumOf(words.filter((word) => word.value < 0));
  const score = positive - negative;
  const strength = Math.max(positive, negative);
  return {
    sentiment: labelOf(positive, negative),
    score,
    confidence: strength === 0 ? 0.6 : Math.min(0.9, 0.55 + 0.06 * Math.abs(score)),
    spans: strongest(words),
  };
}

function labelOf(positive: number, negative: number): Sentiment {
  const balanced =
    Math.min(positive, negative) >= mixedMin &&
    Math.min(positive, negative) * 2 >= Math.max(positive, negative);
  if (balanced) return 'mixed';
  if (positive - negative >= positiveMin) return 'positive';
  return negative - positive >= negativeMin ? 'negative' : 'neutral';
}

/** The words that carry a score with their places; the tokenizer gives none, so they are found again in order. */
function scoredWords(text: string): ScoredWord[] {
  const found: ScoredWord[] = [];
  let from = 0;
  for (const token of scoreWords(text).tokenizedPhrase ?? []) {
    const start = text.indexOf(token.value, from);
    if (start < 0) continue;
    from = start + token.value.length;
    const own = complaintScores[token.value.toLowerCase()];
    const value = own === undefined ? (token.score ?? 0) : negated(text, start) ? -Math.abs(own) / 2 : own;
    if (value !== 0) found.push({ start, end: from, value });
  }
  return found;
}

/** A denied complaint word ("no needles") is still about the complaint, so it never turns into praise. */
function negated(text: string, start: number): boolean {
  return /\b(?:no|not|never|isn'?t|without)\s+(?:\w+\s+)?$/i.test(text.slice(Math.max(0, start - 24), start));
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
