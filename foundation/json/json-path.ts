// JSON paths as answers name them: `a.b[2]`, and `a["b c"]` for a key that is no plain word.

/** The path of a key of the object at `path`; an empty path is the document itself. */
export function keyPath(path: string, key: string): string {
  if (!/^[A-Za-z_$][\w$-]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}

/** The path of an item, from 0, of the list at `path`. */
export function itemPath(path: string, at: number): string {
  return `${path}[${at}]`;
}

/** The keys of a path made by `keyPath` alone; undefined for anything else, such as a path through a list. */
export function keysOfPath(path: string): readonly string[] | undefined {
  const step = /\.?([A-Za-z_$][\w$-]*)|\[("(?:[^"\\]|\\.)*")\]/y;
  const keys: string[] = [];
  while (step.lastIndex < path.length) {
    const match = step.exec(path);
    if (!match) return undefined;
    const key = match[1] ?? textOf(match[2]);
    if (key === undefined) return undefined;
    keys.push(key);
  }
  return keys.reduce(keyPath, '') === path ? keys : undefined;
}

function textOf(quoted: string | undefined): string | undefined {
  try {
    return JSON.parse(quoted ?? '');
  } catch {
    return undefined;
  }
}
