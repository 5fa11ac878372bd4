// Pairs the brackets of a piece of code, so that a rule can step over whatever stands between two of them.

/** For each `(`, `[` and `{`, and for each of their closing partners, the offset of the other one. */
export type BracketPairs = ReadonlyMap<number, number>;

const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** Pairs brackets in code whose comments and literals are blanked. A bracket without a partner is left out. */
export function pairBrackets(code: string): BracketPairs {
  const pairs = new Map<number, number>();
  const open: number[] = [];
  for (const { index, 0: char } of code.matchAll(/[()[\]{}]/g)) {
    if (closers[char] !== undefined) {
      open.push(index);
      continue;
    }
    const start = open.pop();
    if (start === undefined || closers[code[start] ?? ''] !== char) continue;
    pairs.set(start, index);
    pairs.set(index, start);
  }
  return pairs;
}
