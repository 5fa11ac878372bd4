// What an answer may tell: names of things that nobody has, answers made comparable, and the search for what must not be told.
import type { Names } from './seed.for-test.ts';

const hexId = /(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])/g;
const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const hash = /(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g;
const mark = /(?<="(?:resume|nextCursor|next_cursor)":")[^"]+/g;
const date = /[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} [\d:]{8} GMT/g;
const instant = /\d{8}T\d{6}Z/g;
const time = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;

/** A name of the same form that nothing has: with other last digits, the same ones for the same id in whatever form, or another last letter. */
export function unknownLike(name: string): string {
  const other = [hash, uuid, hexId].reduce((text, form) => text.replaceAll(form, otherDigits), name);
  return other === name ? `${name.slice(0, -1)}x` : other;
}

function otherDigits(id: string): string {
  const last = [...id.slice(-12)].map((digit) => (15 - Number.parseInt(digit, 16)).toString(16));
  return id.slice(0, -12) + last.join('');
}

/** {@link unknownLike} for each of the names. */
export function unknownNames(names: Names): Names {
  return Object.fromEntries(Object.entries(names).map(([name, value]) => [name, unknownLike(value)]));
}

/** An answer without what differs between any two answers: the names that were sent, ids that were made for it, and times. */
export function comparable(told: string, sent: Names): string {
  const bare = Object.entries(sent)
    .filter(([, value]) => !value.startsWith('builtin-'))
    .toSorted(([, one], [, other]) => other.length - one.length)
    .reduce((text, [name, value]) => text.replaceAll(value, `<${meaningOf(name, sent)}>`), told);
  return [mark, hash, uuid, hexId, time, instant, date].reduce(
    (text, form) => text.replaceAll(form, '<new>'),
    bare,
  );
}

// Several names may stand for one value; the first one is what it is called.
function meaningOf(name: string, sent: Names): string {
  return Object.keys(sent).find((each) => sent[each] === sent[name]) ?? name;
}

/** The secrets that an answer tells, besides those that its request has sent. */
export function leaksIn(told: string, sent: string, secrets: readonly string[]): readonly string[] {
  return secrets.filter((secret) => told.includes(secret) && !sent.includes(secret));
}
