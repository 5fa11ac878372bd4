// The people of a tenant as commands name them: which team or user a name means.

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

const wordsForTeam = /^(?:the\s+)?(?:team\s+)?(.*?)(?:\s+team)?$/i;

/**
 * The one team or user of this name or id, whatever its case; undefined for none and for several. Where nobody has the very name, a team is
 * also found when the word "team" stands before or behind it.
 */
export function findAssignee(said: string, { teams, users }: People): FoundAssignee | undefined {
  const all: FoundAssignee[] = [
    ...teams.map((team) => ({ ...team, type: 'team' as const })),
    ...users.map((user) => ({ ...user, type: 'user' as const })),
  ];
  const wanted = comparable(said);
  const named = all.filter(({ id, name }) => comparable(name) === wanted || id.toLowerCase() === wanted);
  if (named.length > 0) return named.length === 1 ? named[0] : undefined;
  const loose = all.filter(({ type, name }) => type === 'team' && looseName(name) === looseName(said));
  return loose.length === 1 ? loose[0] : undefined;
}

function comparable(name: string): string {
  return name.normalize('NFC').replace(/\s+/g, ' ').trim().toLowerCase();
}

function looseName(name: string): string {
  return wordsForTeam.exec(comparable(name))?.[1] ?? '';
}
