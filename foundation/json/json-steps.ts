// Steps of JSON paths that callers write: `a.b[2]`, `a["b c"]`, and `a[].b` for the `b` of every item of `a`.

/** A key, a place in a list from 0, or null for every item of a list. */
export type JsonStep = string | number | null;

const step = /\.?([A-Za-z_$][\w$-]*)|\[(?:("(?:[^"\\]|\\.)*")|(\d{1,6})|)\]/y;

/** The steps of a path; undefined for a text that is none. A path begins with a key. */
export function stepsOfPath(path: string): readonly JsonStep[] | undefined {
  const steps: JsonStep[] = [];
  const form = new RegExp(step);
  while (form.lastIndex < path.length) {
    const isFirst = form.lastIndex === 0;
    const match = form.exec(path);
    if (!match || isMisplaced(match, isFirst)) return undefined;
    const found = stepOf(match);
    if (found === undefined) return undefined;
    steps.push(found);
  }
  return steps.length > 0 ? steps : undefined;
}

// A word needs a dot before it everywhere but at the beginning, where nothing but a key may stand.
function isMisplaced([whole, word, quoted]: RegExpExecArray, isFirst: boolean): boolean {
  const hasDot = whole.startsWith('.');
  if (isFirst) return hasDot || (word === undefined && quoted === undefined);
  return word !== undefined && !hasDot;
}

function stepOf([, word, quoted, place]: RegExpExecArray): JsonStep | undefined {
  if (word !== undefined) return word;
  if (place !== undefined) return Number(place);
  return quoted === undefined ? null : textOf(quoted);
}

function textOf(quoted: string): string | undefined {
  try {
    return JSON.parse(quoted);
  } catch {
    return undefined;
  }
}
