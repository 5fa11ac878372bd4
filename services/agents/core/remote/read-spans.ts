// Places in the text as a model gives them, each held against the text: words are looked for, ranges must lie inside. What does not
// stand in the text is dropped.
import { isJsonObject } from '../../../../foundation/json/json.ts';
import type { JsonObject, JsonValue, Span } from '../skill.ts';

/** The most places of one output key. */
const spansMax = 20;

/** What spans are held against. */
export interface SpanSource {
  readonly output: JsonObject;
  readonly text: string;
}

/** For each key of the output that has any: its places, as they were given, each once. */
export function readSpans(
  value: JsonValue | undefined,
  { output, text }: SpanSource,
): Readonly<Record<string, readonly Span[]>> {
  if (!value || !isJsonObject(value)) return {};
  const entries = Object.entries(value)
    .filter(([key]) => Object.hasOwn(output, key))
    .map(([key, places]): [string, Span[]] => [key, spansOf(places, text)]);
  return Object.fromEntries(entries.filter(([, spans]) => spans.length > 0));
}

function spansOf(places: JsonValue, text: string): Span[] {
  const list: readonly JsonValue[] = Array.isArray(places) ? places : [places];
  const spans = list.slice(0, spansMax).flatMap((place) => spanOf(place, text));
  const seen = new Set<string>();
  return spans.filter(({ start, end }) => {
    const key = `${start} ${end}`;
    return !seen.has(key) && seen.add(key);
  });
}

function spanOf(place: JsonValue, text: string): Span[] {
  if (typeof place === 'string') return wordsAt(place, text);
  if (!isJsonObject(place)) return [];
  const { start, end, text: words } = place;
  const isInside =
    Number.isInteger(start) && Number.isInteger(end) && isRange(Number(start), Number(end), text);
  if (typeof words === 'string' && !(isInside && text.slice(Number(start), Number(end)) === words)) {
    return wordsAt(words, text);
  }
  return isInside ? [{ start: Number(start), end: Number(end) }] : [];
}

function isRange(start: number, end: number, text: string): boolean {
  return start >= 0 && start < end && end <= text.length;
}

/** Where the words stand first, in any case of letters. */
function wordsAt(words: string, text: string): Span[] {
  if (words.trim() === '') return [];
  const exact = text.indexOf(words);
  // Lower-casing changes the length of a few texts, whose places then mean nothing.
  const lower = text.toLowerCase();
  const start = exact >= 0 || lower.length !== text.length ? exact : lower.indexOf(words.toLowerCase());
  return start < 0 ? [] : [{ start, end: start + words.length }];
}
