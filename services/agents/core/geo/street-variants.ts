// How a street is written: in full in one report, abbreviated in the next.

const writings: readonly (readonly string[])[] = [
  ['street', 'st'],
  ['avenue', 'ave', 'av'],
  ['road', 'rd'],
  ['boulevard', 'blvd'],
  ['drive', 'dr'],
  ['lane', 'ln'],
  ['place', 'pl'],
  ['court', 'ct'],
  ['square', 'sq'],
  ['terrace', 'ter', 'terr'],
  ['parkway', 'pkwy'],
  ['highway', 'hwy'],
];

/** The name in every way in which its last word is written, lower case; the name alone where that is no word for a street. */
export function streetVariants(name: string): string[] {
  const words = name.toLowerCase().split(/\s+/);
  const last = (words.at(-1) ?? '').replace(/\.$/, '');
  const forms = words.length > 1 ? writings.find((group) => group.includes(last)) : undefined;
  return forms === undefined
    ? [name.toLowerCase()]
    : forms.map((form) => [...words.slice(0, -1), form].join(' '));
}
