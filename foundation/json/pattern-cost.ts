// Whether a regular expression that someone else wrote can be tried in bounded time: an upper bound of the ways in which a
// backtracking matcher may read one text. It rather refuses a harmless pattern than accepts a harmful one.

/** The longest text, in UTF-16 code units, that a foreign pattern is tried on. */
export const patternTextMax = 500;

/** The longest foreign pattern. */
export const patternLengthMax = 200;

/** In how many ways patterns may read texts at most, all texts of one check together: some tenths of a second of trying. */
export const patternWaysMax = 241 ** 3;

/** A pattern must be able to read a text of this length within the bound; longer ones it may not be tried on. */
const judgedLength = 240;
const sizeMax = 5_000;

/** What is wrong with a pattern, as a sentence; undefined when it may be used. */
export function patternProblem(pattern: string): string | undefined {
  if (pattern.length > patternLengthMax) return `must have at most ${patternLengthMax} characters`;
  if (!isRegExp(pattern)) return 'must be a regular expression as JavaScript reads it with the flag u';
  if (/\\[1-9k]|\(\?<?[=!]/.test(pattern.replaceAll('\\\\', ''))) {
    return 'must not look ahead or behind, or refer to a group';
  }
  if (readChoice(createCursor(pattern, judgedLength)).size > sizeMax)
    return 'repeats too much; use smaller counts';
  if (patternWays(pattern, judgedLength) <= patternWaysMax) return undefined;
  return 'could take too long to match; repeat no group that itself repeats or chooses, repeat without end three times at most, and begin with ^';
}

/** An upper bound of the ways in which a matcher may read a text of this length, in UTF-16 code units, by a regular expression. */
export function patternWays(pattern: string, textLength: number): number {
  const { ways, anchored } = readChoice(createCursor(pattern, textLength));
  return anchored ? ways : ways * (textLength + 1);
}

function isRegExp(pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u') instanceof RegExp;
  } catch {
    return false; // the constructor has no other way to say so
  }
}

/** What a part of a pattern costs. */
interface Cost {
  /** In how many ways it can read a text at most. */
  readonly ways: number;
  /** How many characters of pattern it stands for when counts are written out. */
  readonly size: number;
}

interface Cursor {
  /** Length of the text that is read. */
  readonly textLength: number;
  /** The text ahead that the expression matches here, taken; undefined, and nothing taken, when it does not match. */
  take(expression: RegExp): string | undefined;
}

function createCursor(pattern: string, textLength: number): Cursor {
  let at = 0;
  return {
    textLength,
    take: (expression) => {
      const sticky = new RegExp(expression.source, 'suy');
      sticky.lastIndex = at;
      const [taken] = sticky.exec(pattern) ?? [];
      at += taken?.length ?? 0;
      return taken;
    },
  };
}

/** Alternatives up to the end or the closing bracket, which stays. */
function readChoice(cursor: Cursor): Cost & { readonly anchored: boolean } {
  let ways = 0;
  let size = 0;
  let anchored = true;
  do {
    anchored = cursor.take(/\^/) !== undefined && anchored;
    const branch = readSequence(cursor);
    ways += branch.ways;
    size += branch.size + 1;
  } while (cursor.take(/\|/) !== undefined);
  return { ways, size, anchored };
}

function readSequence(cursor: Cursor): Cost {
  let ways = 1;
  let size = 0;
  for (let atom = readAtom(cursor); atom; atom = readAtom(cursor)) {
    const repeated = repeat(atom, readCounts(cursor), cursor.textLength);
    ways *= repeated.ways;
    size += repeated.size;
  }
  return { ways, size };
}

/** One character, class or group; undefined at the end of the sequence. */
function readAtom(cursor: Cursor): Cost | undefined {
  if (cursor.take(/\((?:\?(?:<[^>]*>|[a-z-]*:))?/) !== undefined) {
    const group = readChoice(cursor);
    cursor.take(/\)/);
    return group;
  }
  const single = cursor.take(
    /\[(?:\\.|[^\]\\])*\]|\\[pPu]\{[^}]*\}|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\c.|\\.|[^|)]/,
  );
  return single === undefined ? undefined : { ways: 1, size: 1 };
}

interface Counts {
  readonly min: number;
  readonly max: number;
}

function readCounts(cursor: Cursor): Counts {
  const quantifier = cursor.take(/[*+?]|\{\d+(?:,\d*)?\}/);
  if (quantifier === undefined) return { min: 1, max: 1 };
  cursor.take(/\?/); // lazy or not, the ways are the same
  if (quantifier === '?') return { min: 0, max: 1 };
  const [, from, comma, to] = /^\{(\d+)(,?)(\d*)\}$/.exec(quantifier) ?? [];
  const min = Number(from ?? (quantifier === '+' ? 1 : 0));
  const max = comma === '' ? min : Number(to || Number.POSITIVE_INFINITY);
  return { min, max };
}

function repeat({ ways, size }: Cost, { min, max }: Counts, textLength: number): Cost {
  const counted = { size: size * Math.max(1, Number.isFinite(max) ? max : min) };
  if (ways === 1) return { ...counted, ways: Math.min(max - min, textLength) + 1 };
  let sum = 0;
  for (let count = min; count <= max && sum <= patternWaysMax; count += 1) sum += ways ** count;
  return { ...counted, ways: sum };
}
