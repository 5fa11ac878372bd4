// The people of a tenant as commands name them: which team or user a name means, and whom it may mean.

import { cutText } from './cut-text.ts';

/** A team or a user. */
export interface NamedId {
  /** UUID. */
  readonly id: string;
  readonly name: string;
}

/** Teams and users of one tenant. */
export interface People {
  readonly teams: readonly NamedId[];
  readonly users: readonly NamedId[];
}

/** Whom a name means. */
export interface FoundAssignee extends NamedId {
  readonly type: 'team' | 'user';
}

/** The one whom a name means, or those whom it may mean: several of that name, or names that are spelt much like it. */
export type AssigneeMatch =
  | { readonly found: FoundAssignee }
  | { readonly several: readonly FoundAssignee[] }
  | { readonly alike: readonly FoundAssignee[] };

/** People that a question shows, at most. */
const peopleShownMax = 10;
const aboutCharactersMax = 60;
const wordsForTeam = /^(?:the\s+)?(?:team\s+)?(.*?)(?:\s+team)?$/i;
const shortWordMax = 3;
const mediumWordMax = 7;

/**
 * Whom a name means, whatever its case; undefined where nobody is called anything like it. Ids and whole names go before names with or
 * without the word "team", those before names of which it is a part, such as a first name.
 */
export function matchAssignee(said: string, { teams, users }: People): AssigneeMatch | undefined {
  const all: FoundAssignee[] = [
    ...teams.map((team) => ({ ...team, type: 'team' as const })),
    ...users.map((user) => ({ ...user, type: 'user' as const })),
  ];
  const wanted = comparable(said);
  const words = wordsOf(looseName(said));
  const saysTeam = /\bteam\b/i.test(said);
  const tests: readonly ((one: FoundAssignee) => boolean)[] = [
    ({ id, name }) => comparable(name) === wanted || id.toLowerCase() === wanted,
    ({ type, name }) => type === 'team' && looseName(name) === looseName(said),
    ({ type, name }) => (type === 'team' || !saysTeam) && words.length > 0 && isPart(words, wordsOf(name)),
  ];
  for (const fits of tests) {
    const fitting = all.filter(fits);
    const [only, more] = fitting;
    if (only) return more ? { several: fitting } : { found: only };
  }
  const listed = said.split(/\s*(?:,|&|\band\b|\bor\b)\s*/i).filter((part) => part !== '');
  const each = listed.length > 1 ? listed.map((part) => matchAssignee(part, { teams, users })) : [];
  const every = each.flatMap((match) => (match && 'found' in match ? [match.found] : []));
  if (every.length > 1 && every.length === each.length) return { several: every };
  const alike = all.filter(({ name }) => isAlike(looseName(said), looseName(name)));
  return alike.length > 0 ? { alike } : undefined;
}

/** Asks for one of several people of a name, or of alike names. */
export function whichPerson(said: string, people: readonly FoundAssignee[], isAlike: boolean) {
  const about = cutText(said.replaceAll('"', "'"), aboutCharactersMax);
  const text = isAlike
    ? `No team or user is called "${about}": is one of these meant?`
    : `Who is meant by "${about}"?`;
  const shown = people.slice(0, peopleShownMax);
  const isTwice = ({ name, id, type }: FoundAssignee) =>
    shown.some(
      (other) => other.id !== id && other.type === type && other.name.toLowerCase() === name.toLowerCase(),
    );
  return { text, people: shown.map((one) => `${one.type} ${one.name}${isTwice(one) ? ` (${one.id})` : ''}`) };
}

function comparable(name: string): string {
  return name.normalize('NFC').replace(/\s+/g, ' ').trim().toLowerCase();
}

function looseName(name: string): string {
  return wordsForTeam.exec(comparable(name))?.[1] ?? '';
}

function wordsOf(name: string): string[] {
  return comparable(name).match(/[\p{L}\p{N}]+/gu) ?? [];
}

function isPart(words: readonly string[], whole: readonly string[]): boolean {
  return words.every((word) => whole.includes(word));
}

function isAlike(said: string, name: string): boolean {
  if (isMisspelt(said, name)) return true;
  const given = wordsOf(said);
  const there = wordsOf(name);
  return (
    given.length > 0 &&
    given.every((word) => there.some((other) => word === other || isMisspelt(word, other)))
  );
}

// Short words are misspelt into each other too easily.
function isMisspelt(said: string, name: string): boolean {
  const longest = Math.max(said.length, name.length);
  if (longest <= shortWordMax) return false;
  return editsBetween(said, name) <= (longest <= mediumWordMax ? 1 : 2);
}

// Letters put in, left out, replaced, or changed with their neighbour.
function editsBetween(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let row = 1; row <= a.length; row += 1) {
    const next = [row];
    for (let at = 1; at <= b.length; at += 1) {
      const same = a[row - 1] === b[at - 1] ? 0 : 1;
      const swapped = row > 1 && at > 1 && a[row - 1] === b[at - 2] && a[row - 2] === b[at - 1];
      const plain = Math.min((last[at] ?? 0) + 1, (next[at - 1] ?? 0) + 1, (last[at - 1] ?? 0) + same);
      next.push(swapped ? Math.min(plain, (before[at - 2] ?? 0) + 1) : plain);
    }
    before = last;
    last = next;
  }
  return last[b.length] ?? 0;
}
