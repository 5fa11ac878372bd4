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
