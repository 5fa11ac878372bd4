// The people of the run's tenant, as the registry knows them.
import type { CallOptions } from '@connectrpc/connect';
import type { People } from '../core/management-people.ts';
import type { MeshClients } from './mesh-clients.ts';

/** Users and teams on one page: the most that a list answers. */
const pageSize = 100;
/** Pages read of each, at most; in a tenant with more, only the newest are found. */
const pagesMax = 50;

/** Reads teams and users. Faults of the registry pass through. */
export async function readPeople(teams: MeshClients['teams'], options: () => CallOptions): Promise<People> {
  const [foundTeams, foundUsers] = await Promise.all([
    readPages(async (page) => {
      const { teams: items, page: info } = await teams.listTeams({ page }, options());
      return { items, next: info?.nextCursor ?? '' };
    }),
    readPages(async (page) => {
      const { users: items, page: info } = await teams.listUsers({ page }, options());
      return { items, next: info?.nextCursor ?? '' };
    }),
  ]);
  return {
    teams: foundTeams.map(({ id, teamName: name }) => ({ id, name })),
    users: foundUsers.map(({ id, username: name }) => ({ id, name })),
  };
}

interface Page<T> {
  readonly items: readonly T[];
  /** Empty on the last page. */
  readonly next: string;
}

async function readPages<T>(
  read: (page: { readonly limit: number; readonly cursor: string }) => Promise<Page<T>>,
): Promise<T[]> {
  const all: T[] = [];
  let cursor = '';
  for (let pages = 0; pages < pagesMax; pages += 1) {
    const { items, next } = await read({ limit: pageSize, cursor });
    all.push(...items);
    if (next === '') break;
    cursor = next;
  }
  return all;
}
