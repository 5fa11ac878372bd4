// Rules that look for the words of a key or of its choices in the text: choices, numbers, yes and no. They know no field of work.
import type { JsonValue, Span } from '../skill.ts';
import { wordsOf } from '../text/words.ts';
import type { FoundValue, OfflineRule, OfflineSource, WantedKey } from './found-value.ts';

const confidenceNamed = 0.7;
const confidenceNear = 0.6;
const confidenceOnly = 0.4;

/** How far from a key's word its number may stand, in UTF-16 code units. */
const nearCodeUnits = 24;

const numberPattern =
  /(?<![\w.,-])-?\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\w])|(?<![\w.,-])-?\d+(?:\.\d+)?(?![\w.,]*\w)/g;

const negation =
  /\b(?:no|not|never|without|nobody|none|isn'?t|wasn'?t|aren'?t|weren'?t|didn'?t|doesn'?t)\s+(?:\w+\s+){0,2}$/i;

/** The value that the input, or what another agent found, has under the same key. */
export const sameKey: OfflineRule = ({ key }, { input }) => {
  const outputs = Object.entries(input).filter(([name]) => name.endsWith('_output'));
  const holders = [input, ...outputs.map(([, value]) => value)];
  for (const holder of holders) {
    const value = typeof holder === 'object' && holder && key in holder ? ownValue(holder, key) : undefined;
    if (value !== undefined) return { value, spans: [], confidence: confidenceNamed };
  }
  return undefined;
};

function ownValue(holder: object, key: string): JsonValue | undefined {
  return Object.hasOwn(holder, key) ? (holder as Readonly<Record<string, JsonValue>>)[key] : undefined;
}

/** The choice that the text names first and does not deny. */
export const namedChoice: OfflineRule = ({ schema }, { text }) => {
  const choices = Array.isArray(schema.enum) ? (schema.enum as readonly JsonValue[]) : [];
  const found = choices.flatMap((value) => {
    const span = typeof value === 'string' ? wordsIn(text, value.replace(/[_-]+/g, ' ')) : undefined;
    const isMeant = span && !negation.test(text.slice(0, span.start));
    return isMeant ? [{ value, spans: [span], confidence: confidenceNamed }] : [];
  });
  return found.sort((a, b) => startOf(a) - startOf(b))[0];
};

/** The number beside a word of the key; the only number of the text where there is but one. */
export const namedNumber: OfflineRule = (wanted, { text }) => {
  const isNumber = wanted.types.some((type) => type === 'number' || type === 'integer');
  if (!isNumber) return undefined;
  const numbers = [...text.matchAll(numberPattern)].map((match) => ({
    value: Number(match[0].replaceAll(',', '')),
    spans: [{ start: match.index, end: match.index + match[0].length }],
  }));
  const near = numbers
    .map((number) => ({ ...number, distance: distanceTo(wanted, text, number.spans) }))
    .filter(({ distance }) => distance <= nearCodeUnits)
    .sort((a, b) => a.distance - b.distance)[0];
  if (near) return { value: near.value, spans: near.spans, confidence: confidenceNear };
  const [only, ...more] = numbers;
  return only && more.length === 0 ? { ...only, confidence: confidenceOnly } : undefined;
};

/** True when the text names the key's words, false when it denies them, unknown when it says nothing. */
export const namedFact: OfflineRule = ({ types, words }, { text }) => {
  if (!types.includes('boolean')) return undefined;
  const telling = words.filter((word) => !['is', 'has', 'have', 'are', 'was', 'any'].includes(word));
  const span = telling.length === 0 ? undefined : wordsIn(text, telling.join(' '));
  if (!span) return undefined;
  return { value: !negation.test(text.slice(0, span.start)), spans: [span], confidence: confidenceNear };
};

function startOf({ spans }: FoundValue): number {
  return spans[0]?.start ?? 0;
}

/** Where the words stand as words, in any case of letters and with a plural's ending. */
function wordsIn(text: string, words: string): Span | undefined {
  const pattern = words.trim().split(/\s+/).map(escaped).join('\\s+');
  if (pattern === '') return undefined;
  const match = new RegExp(`(?<![\\p{L}\\p{N}])${pattern}(?:e?s)?(?![\\p{L}\\p{N}])`, 'iu').exec(text);
  return match ? { start: match.index, end: match.index + match[0].length } : undefined;
}

function escaped(word: string): string {
  return word.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

/** Code units between a number and the nearest word of the key; infinite where the text has none. */
function distanceTo({ words }: WantedKey, text: string, [number]: readonly Span[]): number {
  if (!number) return Number.POSITIVE_INFINITY;
  const telling = new Set(words.filter((word) => word.length > 2).map(stemOf));
  const distances = wordsOf(text)
    .filter((word) => telling.has(stemOf(word.text.toLowerCase())))
    .map((word) => Math.max(word.start - number.end, number.start - word.end));
  return Math.min(...distances, Number.POSITIVE_INFINITY);
}

function stemOf(word: string): string {
  return word.replace(/(?:es|s)$/, '');
}

/** Texts in which rules look: the report's or the question's own, else every text of the input. */
export function sourceText({ input }: Pick<OfflineSource, 'input'>): string {
  const [own] = [input.text, input.question].filter((value) => typeof value === 'string');
  if (own !== undefined) return own;
  return Object.values(input)
    .filter((value) => typeof value === 'string')
    .join('\n');
}
