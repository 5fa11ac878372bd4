// Users and teams through the real service: what makes a team, who may change it, and what other tenants see.
import type { JsonObject } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Fault } from '../../../foundation/fault/fault.ts';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { type RegistryForTest, startRegistryForTest } from '../app.for-test.ts';
import { membersMax } from '../core/team.ts';

let databases: TestDatabases;
let registry: RegistryForTest;
beforeAll(async () => {
  databases = await startTestDatabases();
  registry = await startRegistryForTest(await databases.createDatabase('registry_teams'));
}, 60_000);
afterAll(async () => {
  await registry?.close();
  await databases?.stop();
});

/** Writes so many users of the tenant, a second apart, the oldest first. */
async function insertUsers({ tenantId }: Principal, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, newId);
  const text = `insert into registry.users (id, tenant_id, username, created_at)
    select id, $1::uuid, 'user ' || at || ' of ' || $1::uuid, timestamptz '2030-01-01' + at * interval '1 second'
    from unnest($2::uuid[]) with ordinality as fresh (id, at)`;
  await registry.admin.query(text, [tenantId, ids]);
  return ids;
}

const create = async (principal: Principal, definition: JsonObject) => {
  const { team } = await registry.teams.createTeam({ definition }, registry.as(principal));
  if (!team) throw new Error('No team was answered');
  return team;
};
const update = (principal: Principal, id: string, definition: JsonObject) =>
  registry.teams.updateTeam({ id, definition }, registry.as(principal));
const get = (principal: Principal, id: string) => registry.teams.getTeam({ id }, registry.as(principal));
const remove = (principal: Principal, id: string) =>
  registry.teams.deleteTeam({ id }, registry.as(principal));
const violationsOf = (call: Promise<unknown>): Promise<string[][]> =>
  call.then(
    () => [],
    (fault: Fault) => fault.violations.map(({ field, reason }) => [field, reason]),
  );

describe('ListUsers', () => {
  it('answers id and name of the people and keys of the own tenant, newest first, page by page', async () => {
    const [own, other] = [await registry.newTenant(), await registry.newTenant()];
    const ids = (await insertUsers(own, 4)).reverse();
    await insertUsers(other, 2);
    const list = async (page: object) => {
      const { users, page: info } = await registry.teams.listUsers(
        { page },
        registry.as({ ...own, roles: ['viewer'] }),
      );
      return { ids: users.map(({ id }) => id), total: info?.total, cursor: info?.nextCursor ?? '' };
    };
    expect(await list({})).toEqual({ ids: [...ids, own.userId], total: 5n, cursor: '' });
    expect((await list({ limit: 2, page: 2 })).ids).toEqual(ids.slice(2));
    const first = await list({ limit: 3 });
    await registry.admin.query(
      `insert into registry.users (tenant_id, username, created_at) values ($1::uuid, $1::uuid || ' later', '2031-01-01')`,
      [own.tenantId],
    );
    expect((await list({ limit: 3, cursor: first.cursor })).ids).toEqual([ids[3], own.userId]);
    const { users } = await registry.teams.listUsers({ page: { limit: 1 } }, registry.as(own));
    expect(users).toMatchObject([{ username: `${own.tenantId} later` }]);
  });
});

describe('CreateTeam', () => {
  it('stores a team with members of the tenant, in their order', async () => {
    const own = await registry.newTenant();
    const [a, b] = await insertUsers(own, 2);
    const members = [`${b}`, `${a}`.toUpperCase()];
    const team = await create(own, { team_name: 'Night shift', members, id: 'ignored', tenant_id: newId() });
    expect(team).toMatchObject({ teamName: 'Night shift', members: [b, a], createdBy: own.userId });
    expect(team.createdAt).toEqual(team.updatedAt);
    expect((await get({ ...own, roles: ['viewer'] }, team.id)).team).toEqual(team);
    expect(await create(own, { team_name: 'x'.repeat(200) })).toMatchObject({ members: [] });
  });

  it('names every problem at once, and tells a foreign user like nobody', async () => {
    const [own, other] = [await registry.newTenant(), await registry.newTenant()];
    const [known] = await insertUsers(own, 1);
    const members = [other.userId, newId(), 'nobody', 7, `${known}`, `${known}`.toUpperCase()];
    const unknown = 'is no user of the tenant';
    expect(await violationsOf(create(own, { team_name: '', members }))).toEqual([
      ['team_name', 'must not be blank'],
      ['members[0]', unknown],
      ['members[1]', unknown],
      ['members[2]', unknown],
      ['members[3]', 'must be text'],
      ['members[5]', 'repeats members[4]'],
    ]);
  });

  it.each([
    [{}, 'team_name'],
    [{ team_name: null }, 'team_name'],
    [{ team_name: 'x'.repeat(201) }, 'team_name'],
    [{ team_name: 'a\0b' }, 'team_name'],
    [{ team_name: 7 }, 'team_name'],
    [{ team_name: 'a', members: 'all' }, 'members'],
  ])('refuses %j', async (definition, field) => {
    const own = await registry.newTenant();
    expect(await violationsOf(create(own, definition))).toEqual([[field, expect.any(String)]]);
  });

  it('takes 1,000 members and no more', async () => {
    const own = await registry.newTenant();
    const members = [own.userId, ...(await insertUsers(own, membersMax))];
    expect((await create(own, { team_name: 'All', members: members.slice(1) })).members).toHaveLength(
      membersMax,
    );
    expect(await violationsOf(create(own, { team_name: 'All', members }))).toEqual([
      ['members', 'must have at most 1000 items'],
    ]);
  });

  it('refuses a creator who is not stored', async () => {
    const own = await registry.newTenant();
    await expect(create({ ...own, userId: newId() }, { team_name: 'Nobodys' })).rejects.toMatchObject({
      reason: 'unauthenticated',
    });
  });
});

describe('UpdateTeam', () => {
  it('changes the fields that are given, and the time of the change', async () => {
    const own = await registry.newTenant();
    const [a] = await insertUsers(own, 1);
    const team = await create(own, { team_name: 'First', members: [own.userId] });
    const renamed = await update(own, team.id, { team_name: 'Second' });
    expect(renamed.team).toMatchObject({
      teamName: 'Second',
      members: [own.userId],
      createdAt: team.createdAt,
    });
    expect(renamed.team?.updatedAt).not.toEqual(team.updatedAt);
    await update(own, team.id, { team_name: null, members: [`${a}`] });
    expect((await get(own, team.id)).team).toMatchObject({ teamName: 'Second', members: [a] });
    expect((await update(own, team.id, { members: [] })).team?.members).toEqual([]);
  });

  it('is refused when nothing is given', async () => {
    const own = await registry.newTenant();
    const team = await create(own, { team_name: 'First' });
    const nothings: JsonObject[] = [{}, { team_name: null, members: null }, { id: 'x' }];
    for (const nothing of nothings) {
      await expect(update(own, team.id, nothing)).rejects.toMatchObject({
        violations: [{ field: 'body', reason: 'must give at least one of team_name, members' }],
      });
    }
    expect((await get(own, team.id)).team).toEqual(team);
  });

  it('names every problem at once and changes nothing then', async () => {
    const own = await registry.newTenant();
    const team = await create(own, { team_name: 'First' });
    expect(await violationsOf(update(own, team.id, { team_name: ' ', members: [newId()] }))).toEqual([
      ['team_name', 'must not be blank'],
      ['members[0]', 'is no user of the tenant'],
    ]);
    expect((await get(own, team.id)).team).toEqual(team);
  });
});

describe('ListTeams', () => {
  it('answers the teams of the own tenant, newest first, with a cursor that new teams do not move', async () => {
    const [own, other] = [await registry.newTenant(), await registry.newTenant()];
    for (const team_name of ['1', '2', '3']) await create(own, { team_name });
    const list = async (page: object, principal = own) => {
      const { teams, page: info } = await registry.teams.listTeams({ page }, registry.as(principal));
      return { names: teams.map(({ teamName }) => teamName), cursor: info?.nextCursor ?? '' };
    };
    const first = await list({ limit: 2 });
    expect(first.names).toEqual(['3', '2']);
    await create(own, { team_name: '4' });
    expect((await list({ limit: 2, cursor: first.cursor })).names).toEqual(['1']);
    expect((await list({}, other)).names).toEqual([]);
    await expect(list({ cursor: first.cursor }, other)).rejects.toMatchObject({
      violations: [{ field: 'cursor' }],
    });
  });
});

describe('a team', () => {
  it('is gone when it is deleted', async () => {
    const own = await registry.newTenant();
    const { id } = await create(own, { team_name: 'Short' });
    await remove(own, id);
    const calls = await Promise.allSettled([get(own, id), remove(own, id), update(own, id, {})]);
    expect(calls).toMatchObject(calls.map(() => ({ reason: { reason: 'not_found' } })));
  });

  it('of another tenant, and what is no id, is answered like one that never existed', async () => {
    const [own, other] = [await registry.newTenant(), await registry.newTenant()];
    const team = await create(other, { team_name: 'Theirs' });
    for (const id of [team.id, newId(), '', 'team', `${team.id}x`, `'; --`]) {
      const calls = await Promise.allSettled([
        get(own, id),
        update(own, id, { team_name: 'Ours' }),
        update(own, id, { team_name: '' }),
        remove(own, id),
      ]);
      const refused = { reason: { reason: 'not_found', message: 'No such team' } };
      expect(calls).toMatchObject(calls.map(() => refused));
    }
    expect((await get(other, team.id)).team).toEqual(team);
  });

  it('is changed by admins alone, and by no run', async () => {
    const own = await registry.newTenant();
    const { id } = await create(own, { team_name: 'Ours' });
    const run = { runId: 'job_1', capability: 'management', writeTarget: '' };
    for (const changes of [{ roles: ['editor'] }, { roles: ['viewer'] }, { roles: [] }, { run }]) {
      const principal = { ...own, ...changes };
      const calls = await Promise.allSettled([
        create(principal, {}),
        update(principal, id, {}),
        update(principal, 'nothing', {}),
        remove(principal, id),
      ]);
      expect(calls).toMatchObject(calls.map(() => ({ reason: { reason: 'permission_denied' } })));
    }
  });
});
