// Measures functions without a grammar: a parameter list followed by a body, whatever return type stands between them.
// The callback of a `describe`, or of a `describeOn…` that runs it in several places, is a chapter of a test file and not a function in
// this sense.
import { type BracketPairs, pairBrackets } from './brackets.ts';
import type { Offence } from './offence.ts';
import { lineAt, type SourceFile } from './source-file.ts';

/** The most lines a function may have, from its parameter list to its closing brace. */
export const functionLinesMax = 60;

/** A function as found in the code. `line` is where its parameters start. */
export interface FoundFunction {
  readonly name: string;
  readonly line: number;
  readonly lines: number;
}

const control = /(?<![.\w$])(?:if|for|while|switch|catch|with|await)\s*$/;
const literalFollows = /(?:[:|&<,?=([]|\b(?:is|extends|keyof|in|readonly|asserts))\s*$/;

/** Functions that are longer than they may be. */
export function longFunctions(sources: readonly SourceFile[]): readonly Offence[] {
  return sources.flatMap((source) =>
    functionsOf(source)
      .filter(({ lines }) => lines > functionLinesMax)
      .map(({ name, line, lines }) => ({ path: source.path, line, problem: `${name} has ${lines} lines` })),
  );
}

/** All functions with a body in braces, or an arrow's object in parentheses, in the order of their parameters. */
export function functionsOf(source: SourceFile): readonly FoundFunction[] {
  const { code } = source;
  const pairs = pairBrackets(code);
  const spans = [...code.matchAll(/\(|[\w$]\s*(?==>\s*\{)/g)].flatMap(({ index, 0: text }) => {
    const end = text === '(' ? functionEnd(code, pairs, index) : pairs.get(code.indexOf('{', index));
    return end === undefined || isChapter(code, pairs, index) ? [] : [{ start: index, end }];
  });
  return spans.map(({ start, end }) => {
    const line = lineAt(code, start);
    return { name: nameBefore(code, start), line, lines: lineAt(code, end) - line + 1 };
  });
}

/** The offset of the closing brace, if a parameter list opens at `open` and a body follows it. */
function functionEnd(code: string, pairs: BracketPairs, open: number): number | undefined {
  const close = pairs.get(open);
  if (close === undefined || control.test(code.slice(Math.max(0, open - 20), open))) return undefined;
  const next = /\s*(=>\s*[({]|[{:])/y;
  next.lastIndex = close + 1;
  const follows = next.exec(code)?.[1];
  if (follows === undefined) return undefined;
  return follows === ':' ? endAfterType(code, pairs, next.lastIndex) : pairs.get(next.lastIndex - 1);
}

/** Steps over a return type; braces that belong to the type are told from the body by what stands before them. */
function endAfterType(code: string, pairs: BracketPairs, from: number): number | undefined {
  let angles = 0;
  for (let at = from; at < code.length; at += 1) {
    const char = code[at] ?? '';
    const isArrow = char === '=' && code[at + 1] === '>';
    if (char === '{' && angles === 0 && !literalFollows.test(code.slice(Math.max(from - 1, at - 40), at))) {
      return pairs.get(at);
    }
    if (isArrow) at += 1;
    else if (char === '<') angles += 1;
    else if (char === '>') angles -= 1;
    else if ('([{'.includes(char)) at = pairs.get(at) ?? code.length;
    else if (')]};=?'.includes(char) || (char === ',' && angles === 0)) return undefined;
  }
  return undefined;
}

function isChapter(code: string, pairs: BracketPairs, start: number): boolean {
  const before = /,\s*(?:async\s*)?$/.exec(code.slice(Math.max(0, start - 40), start));
  if (before === null) return false;
  let depth = 0;
  let at = start - 1;
  for (; at >= 0 && depth === 0; at -= 1) {
    const char = code[at] ?? '';
    if (')]}'.includes(char)) at = pairs.get(at) ?? 0;
    else if ('([{'.includes(char)) depth = 1;
  }
  const callee = code.slice(Math.max(0, at - 400), at + 1);
  return /\bdescribe(?:On[A-Z]\w*)?(?:\.\w+)*(?:\(.*\)|`[^`]*`)?\s*$/s.test(callee);
}

function nameBefore(code: string, start: number): string {
  const before = code.slice(Math.max(0, start - 120), start);
  const named = /([\w$]+)\s*(?:<[^()]*>)?\s*$/.exec(before)?.[1];
  const assigned = /([\w$]+)\s*(?::[^=;{}]*)?[=:]\s*(?:async\s*)?$/.exec(before)?.[1];
  return (named === 'async' || named === 'function' ? undefined : named) ?? assigned ?? 'a function';
}
