// Tenants, users and settings through the real service.
import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { TenantSettingsSchema } from '../../../proto/gen/domainflow/registry/v1/tenant_pb.js';
import { type RegistryForTest, startRegistryForTest } from '../app.for-test.ts';
import { newPrincipal } from '../store/rows.for-test.ts';

let databases: TestDatabases;
let registry: RegistryForTest;
beforeAll(async () => {
  databases = await startTestDatabases();
  registry = await startRegistryForTest(await databases.createDatabase('registry_tenants'));
}, 60_000);
afterAll(async () => {
  await registry?.close();
  await databases?.stop();
});

describe('EnsurePrincipal', () => {
  const ensure = (principal: Principal, changes: object = {}) =>
    registry.tenants.ensurePrincipal(
      {
        tenantName: 'Springfield',
        createTenant: true,
        subject: principal.userId,
        username: `name of ${principal.userId}`,
        ...changes,
      },
      registry.as(principal),
    );
  const usersOf = async ({ tenantId }: Principal) => {
    const columns = 'id, username, email, cognito_sub';
    const text = `select ${columns} from registry.users where tenant_id = $1 order by username`;
    return (await registry.admin.query(text, [tenantId])).rows;
  };

  it('stores tenant and user once, however many calls race', async () => {
    const own = newPrincipal();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => ensure(own, { email: `${own.userId}@example.org` })),
    );
    expect(new Set(answers.map(({ tenantName }) => tenantName))).toEqual(new Set(['Springfield']));
    expect(await usersOf(own)).toEqual([
      {
        id: own.userId,
        username: `name of ${own.userId}`,
        email: `${own.userId}@example.org`,
        cognito_sub: own.userId,
      },
    ]);
  });

  it('keeps the name of a known tenant and adds users to it', async () => {
    const own = newPrincipal();
    await ensure(own);
    const colleague = { ...own, userId: newId() };
    expect((await ensure(colleague, { tenantName: 'Other', createTenant: false })).tenantName).toBe(
      'Springfield',
    );
    expect(await usersOf(own)).toHaveLength(2);
  });

  it('refuses an unknown tenant that may not come into being, and stores nothing', async () => {
    const own = newPrincipal();
    await expect(ensure(own, { createTenant: false })).rejects.toMatchObject({
      reason: 'unauthenticated',
      message: 'Unknown tenant',
    });
    expect(await usersOf(own)).toEqual([]);
  });

  it('marks a username that another subject holds, in whatever tenant, and leaves its address away', async () => {
    const [first, second] = [newPrincipal(), newPrincipal()];
    const taken = { username: 'bart', email: 'bart@example.org' };
    await ensure(first, taken);
    await Promise.all([ensure(second, taken), ensure(second, taken)]);
    expect(await usersOf(first)).toMatchObject([taken]);
    const username = `bart#${second.userId.slice(-8)}`;
    expect(await usersOf(second)).toMatchObject([{ username, email: null, cognito_sub: second.userId }]);
  });

  it('cuts long names so that the mark still fits', async () => {
    const [first, second] = [newPrincipal(), newPrincipal()];
    await ensure(first, { username: 'ä'.repeat(120) });
    await ensure(second, { username: 'ä'.repeat(130) });
    expect(await usersOf(first)).toMatchObject([{ username: 'ä'.repeat(100) }]);
    expect(await usersOf(second)).toMatchObject([
      { username: `${'ä'.repeat(91)}#${second.userId.slice(-8)}` },
    ]);
  });

  it('refuses a subject that is already another user', async () => {
    const [first, second] = [newPrincipal(), newPrincipal()];
    await ensure(first);
    await expect(ensure(second, { subject: first.userId })).rejects.toMatchObject({
      reason: 'failed_precondition',
    });
  });

  it('names every text that cannot be kept', async () => {
    const wrong = {
      tenantName: ' ',
      subject: 'x'.repeat(256),
      username: 'a\0b',
      email: `${'x'.repeat(256)}`,
    };
    await expect(ensure(newPrincipal(), wrong)).rejects.toMatchObject({
      reason: 'invalid_argument',
      violations: [{ field: 'tenant_name' }, { field: 'subject' }, { field: 'username' }, { field: 'email' }],
    });
  });
});

describe('tenant settings', () => {
  const boston = { name: 'Boston', aliases: ['Beantown'], point: { longitude: -71.06, latitude: 42.36 } };
  const update = (principal: Principal, settings: object) =>
    registry.tenants.updateTenantSettings({ settings }, registry.as(principal));
  const get = async (principal: Principal) =>
    (await registry.tenants.getTenantSettings({}, registry.as(principal))).settings;

  it('are empty until they are stored, then as they were stored last', async () => {
    const own = await registry.newTenant();
    expect(await get(own)).toEqual(create(TenantSettingsSchema));
    const settings = { homeArea: boston, places: [boston], timeZone: 'America/New_York' };
    expect((await update(own, settings)).settings).toMatchObject(settings);
    expect(await get({ ...own, roles: ['viewer'] })).toMatchObject(settings);
    await update(own, { timeZone: 'Europe/Madrid' });
    expect(await get(own)).toEqual(create(TenantSettingsSchema, { timeZone: 'Europe/Madrid' }));
  });

  it('have another revision after each write that answers may depend on, and an empty one before the first', async () => {
    const own = await registry.newTenant();
    const revision = async () => (await registry.tenants.getTenantSettings({}, registry.as(own))).revision;
    const revisions = [await revision()];
    const madrid = { timeZone: 'Europe/Madrid' };
    for (const settings of [madrid, { ...madrid, places: [boston] }, { homeArea: boston }, madrid]) {
      await update(own, settings);
      revisions.push(await revision());
    }
    expect(revisions[0]).toBe('');
    expect(new Set(revisions).size).toBe(5);
    expect(await revision()).toBe(revisions[4]);
  });

  it('keep their revision when budgets change, and when nothing does', async () => {
    const own = await registry.newTenant();
    const revision = async () => (await registry.tenants.getTenantSettings({}, registry.as(own))).revision;
    const budgets = (hard: string) => ({ budgets: { tenant: { hard, currency: 'EUR' } } });
    await update(own, budgets('1'));
    await update(own, budgets('2'));
    expect(await revision()).toBe('');
    const answering = { homeArea: boston, places: [boston], timeZone: 'Europe/Madrid' };
    await update(own, { ...answering, ...budgets('2') });
    const revisions = [await revision()];
    for (const settings of [{ ...answering, ...budgets('3') }, answering, answering]) {
      await update(own, settings);
      revisions.push(await revision());
    }
    expect(revisions[0]).not.toBe('');
    expect(new Set(revisions).size).toBe(1);
  });

  it('keep the revision that they had before revisions told budgets apart', async () => {
    const own = await registry.newTenant();
    const revision = async () => (await registry.tenants.getTenantSettings({}, registry.as(own))).revision;
    await update(own, { timeZone: 'Europe/Madrid' });
    const older = `update registry.tenant_settings set answers_changed_at = null, updated_at = '2026-01-01T00:00:00Z' where tenant_id = $1`;
    await registry.admin.query(older, [own.tenantId]);
    expect(await revision()).toBe('1767225600000000');
    await update(own, {
      timeZone: 'Europe/Madrid',
      budgets: { run: { hard: '1', currency: 'EUR' } },
    });
    expect(await revision()).toBe('1767225600000000');
  });

  it('are seen by no other tenant', async () => {
    const [own, other] = [await registry.newTenant(), await registry.newTenant()];
    await update(own, { places: [boston] });
    expect(await get(other)).toMatchObject({ places: [] });
  });

  it('are changed by admins alone, and by no run', async () => {
    const own = await registry.newTenant();
    const run = { runId: 'job_1', capability: 'management', writeTarget: '' };
    for (const changes of [{ roles: ['editor'] }, { roles: [] }, { run }]) {
      await expect(update({ ...own, ...changes }, {})).rejects.toMatchObject({
        reason: 'permission_denied',
      });
    }
    expect(await get({ ...own, run })).toMatchObject({ places: [] });
  });

  it('hold budgets, which are replaced with the rest and audited', async () => {
    const own = await registry.newTenant();
    const budgets = {
      tenant: { soft: '100.50', hard: '250', currency: 'EUR' },
      run: { hard: '2', currency: 'EUR' },
    };
    const stored = { tenant: { soft: '100.5', hard: '250', currency: 'EUR' }, run: { soft: '', hard: '2' } };
    expect((await update(own, { budgets })).settings?.budgets).toMatchObject(stored);
    const read = await get({ ...own, roles: ['viewer'] });
    expect(read?.budgets).toMatchObject(stored);
    expect(read?.budgets?.domain).toBeUndefined();
    await update(own, { budgets: { run: budgets.run } });
    expect((await get(own))?.budgets?.tenant).toBeUndefined();
    await update(own, { timeZone: 'UTC' });
    expect((await get(own))?.budgets).toBeUndefined();
    const { entries } = await registry.audit.listAuditEntries({}, registry.as(own));
    const hashes = entries.map(({ beforeHash, afterHash }) => [beforeHash, afterHash]);
    expect(new Set(hashes.map(([, after]) => after)).size).toBe(3);
    expect(hashes.map(([before]) => before)).toEqual([...hashes.slice(1).map(([, after]) => after), '']);
  });

  it('of a tenant that is not stored cannot be stored', async () => {
    await expect(update(newPrincipal(), {})).rejects.toMatchObject({ reason: 'unauthenticated' });
  });

  it('are refused with every problem at once', async () => {
    const own = await registry.newTenant();
    const wrong = {
      homeArea: { name: ' ', point: { longitude: 181, latitude: -91 } },
      places: [
        boston,
        { ...boston, name: 'x'.repeat(201) },
        { ...boston, aliases: ['ok', ''] },
        { name: 'a' },
      ],
      timeZone: '+01:00',
      budgets: { domain: { soft: '2', hard: '1', currency: 'EUR' } },
    };
    const call = update(own, wrong);
    await expect(call).rejects.toMatchObject({ reason: 'invalid_argument' });
    const fields = await call.catch((fault) => fault.violations.map((one: { field: string }) => one.field));
    expect(fields).toEqual([
      'home_area.name',
      'home_area.point.longitude',
      'home_area.point.latitude',
      'places[1].name',
      'places[2].aliases[1]',
      'places[3].point',
      'time_zone',
      'budgets.domain.soft',
    ]);
  });

  it('hold 2,000 places and no more, and name the first 100 problems of many', async () => {
    const own = await registry.newTenant();
    const places = Array.from({ length: 2_000 }, () => boston);
    await update(own, { places });
    expect((await get(own))?.places).toHaveLength(2_000);
    await expect(update(own, { places: [...places, boston] })).rejects.toMatchObject({
      violations: [{ field: 'places' }],
    });
    const blank = places.map(() => ({ ...boston, name: '' }));
    await expect(update(own, { places: blank })).rejects.toMatchObject({
      violations: { length: 100 },
    });
  });
});
