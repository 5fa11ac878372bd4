// Cuts a text into runs of words that can be pieces of times, and chooses among all their readings those that cover the runs best.

import { type Item, parseRun } from './chart.ts';
import { english, isTimeWord } from './grammar.ts';
import { meaningsOf } from './lexicon.ts';
import { literalsOf } from './literals.ts';
import type { Setting } from './meaning.ts';
import { isPlausible } from './plausible.ts';
import { type Token, tokensOf } from './tokens.ts';

/** The most tokens that are read as one run; longer ones are cut. */
const runTokensMax = 48;

/** A run of neighbouring tokens that can be pieces of times. */
export interface Run {
  readonly tokens: readonly Token[];
  readonly seeds: readonly Item[];
}

/** A reading that was chosen, with its place in the text. */
export interface Found {
  readonly start: number;
  readonly end: number;
  readonly item: Item;
}

/** The runs in text order. */
export function runsOf(text: string, setting: Setting): Run[] {
  const tokens = tokensOf(text);
  const literals = literalsOf(text, setting);
  const runs: Run[] = [];
  let first = 0;
  const close = (end: number): void => {
    const part = tokens.slice(first, end);
    if (part.length > 0) runs.push({ tokens: part, seeds: seedsOf(part, literals) });
  };
  tokens.forEach((token, index) => {
    const previous = tokens[index - 1];
    const newLine =
      previous !== undefined && !setting.lone && text.slice(previous.end, token.start).includes('\n');
    const known =
      isTimeWord(token.text) || literals.some(({ start, end }) => start <= token.start && token.end <= end);
    if (known && !newLine && index - first < runTokensMax) return;
    close(index);
    first = known ? index : index + 1;
  });
  close(tokens.length);
  return runs;
}

/** What the single words and the figures of the run mean. */
function seedsOf(tokens: readonly Token[], literals: ReturnType<typeof literalsOf>): Item[] {
  const words = tokens.flatMap(({ text }, index) =>
    meaningsOf(text).map((meaning): Item => ({ from: index, to: index + 1, meaning, weight: 0 })),
  );
  const startAt = new Map(tokens.map(({ start }, index) => [start, index]));
  const endAt = new Map(tokens.map(({ end }, index) => [end, index + 1]));
  const figures = literals.flatMap(({ start, end, meaning, weight }): Item[] => {
    const from = startAt.get(start);
    const to = endAt.get(end);
    return from === undefined || to === undefined ? [] : [{ from, to, meaning, weight }];
  });
  return [...words, ...figures];
}

/** The longest plausible times of the run, the heavier of equals; none overlapping. */
export function bestOf(text: string, run: Run, setting: Setting): Found[] {
  const words = run.tokens.map((token) => token.text);
  const items = parseRun(words, run.seeds, english, setting)
    .filter((item) => isExpression(item, setting))
    .map((item) => placed(text, run.tokens, item))
    .filter(
      (found) => setting.lone || isPlausible(text, { ...found, text: text.slice(found.start, found.end) }),
    )
    .sort((a, b) => a.item.to - b.item.to);
  return bestCover(items, words.length);
}

/** What a second expression must cover more than one that spans both. */
const pieceCost = 0.6;
const weightShare = 0.05;

/** Of all choices without overlap the one that covers most of the run with the fewest pieces. */
function bestCover(items: readonly Found[], length: number): Found[] {
  const best: { readonly score: number; readonly found: readonly Found[] }[] = [{ score: 0, found: [] }];
  for (let to = 1; to <= length; to += 1) {
    let choice = best[to - 1] ?? { score: 0, found: [] };
    for (const found of items) {
      if (found.item.to !== to) continue;
      const before = best[found.item.from] ?? { score: 0, found: [] };
      const gain = to - found.item.from - pieceCost + weightShare * found.item.weight;
      if (before.score + gain > choice.score)
        choice = { score: before.score + gain, found: [...before.found, found] };
    }
    best.push(choice);
  }
  return [...(best[length]?.found ?? [])];
}

function isExpression({ meaning }: Item, { lone }: Setting): boolean {
  if (meaning.category === 'time') return lone || !meaning.value.latent;
  if (meaning.category === 'length') return !meaning.value.latent;
  return meaning.category === 'set';
}

/** The span without the preposition that only ties the time to its sentence, and without the full stop after it. */
function placed(text: string, tokens: readonly Token[], item: Item): Found {
  const start = tokens[item.from]?.start ?? 0;
  const end = tokens[item.to - 1]?.end ?? start;
  const words = text.slice(start, end);
  const { meaning } = item;
  const keepsIn =
    meaning.category === 'time' &&
    (meaning.value.part !== undefined ||
      (meaning.value.deictic === true && /\d|\b(?:an?|one|two|three|half)\b/i.test(words)));
  const weekday = meaning.category === 'time' && meaning.value.weekday !== undefined;
  const lead =
    /^(?<word>on|at|in|of|during|over|from(?= (?!.*\b(?:to|till|until|through|thru)\b|.*-)))\s+/i.exec(words);
  const word = lead?.groups?.word?.toLowerCase();
  const drops =
    word !== undefined &&
    !(word === 'in' && keepsIn) &&
    !(word === 'on' && weekday) &&
    !(word === 'at' && keepsIn);
  const tail = /[^.\s][.\s]+$/.exec(words);
  const cut = tail !== null && !/[ap]\s?\.?\s?m\s?\.$/i.test(words) ? tail[0].length - 1 : 0;
  return { start: start + (drops ? (lead?.[0].length ?? 0) : 0), end: end - cut, item };
}
