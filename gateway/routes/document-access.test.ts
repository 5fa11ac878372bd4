// Who may call the routes of documents, data and runs: by role, and by what an API key was given.
import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Role, roles } from '../../foundation/identity/role.ts';
import { startGatewayForTest, type TestGateway } from '../app.for-test.ts';

type Row = readonly [line: string, least: Role, permission: string];

const unlimited = { failures: 1_000 };

const rows: readonly Row[] = [
  ['POST reports', 'editor', 'reports:create'],
  ['GET reports', 'viewer', 'reports:read'],
  ['GET reports/inc_1', 'viewer', 'reports:read'],
  ['PUT reports/inc_1', 'editor', 'reports:update'],
  ['DELETE reports/inc_1', 'editor', 'reports:delete'],
  ['POST reports/images', 'editor', 'reports:create'],
  ['POST reports/batch', 'editor', 'reports:create'],
  ['POST reports/batch?import=true', 'editor', 'reports:create'],
  ['GET reports/export', 'viewer', 'reports:read'],
  ['GET reports/inc_1/patches', 'viewer', 'patches:read'],
  ['GET patches', 'viewer', 'patches:read'],
  ['GET patches/patch_1', 'viewer', 'patches:read'],
  ['POST patches/patch_1/apply', 'editor', 'patches:update'],
  ['POST patches/patch_1/reject', 'editor', 'patches:update'],
  ['POST patches/patch_1/revert', 'editor', 'patches:update'],
  ['GET data/geo?domain_id=civic', 'viewer', 'data:read'],
  ['GET data/aggregated?domain_id=civic&group_by=status', 'viewer', 'data:read'],
  ['POST queries', 'viewer', 'queries:create'],
  ['DELETE queries/qry_1', 'viewer', 'queries:delete'],
  ['POST sessions', 'viewer', 'sessions:create'],
  ['PUT sessions/sess_1', 'viewer', 'sessions:update'],
  ['DELETE sessions/sess_1', 'viewer', 'sessions:delete'],
  ['GET executions/job_1/events', 'viewer', 'executions:read'],
  ['GET sessions/sess_1/events', 'viewer', 'sessions:read'],
  ['GET events', 'viewer', 'executions:read'],
  ['POST executions/job_1/cancel', 'viewer', 'executions:update'],
  ['POST executions/job_1/pause', 'editor', 'executions:update'],
  ['POST executions/job_1/resume', 'editor', 'executions:update'],
  ['POST executions/job_1/rerun', 'editor', 'executions:create'],
  ['GET approvals', 'viewer', 'approvals:read'],
  ['GET executions/job_1/tasks/task_1/approval', 'viewer', 'approvals:read'],
  ['POST executions/job_1/tasks/task_1/approve', 'editor', 'approvals:update'],
  ['POST executions/job_1/tasks/task_1/reject', 'editor', 'approvals:update'],
];

describe('the routes of documents, data and runs', () => {
  let at: TestGateway;
  const permissionsOfKey = new Map<string, string[]>();
  beforeAll(async () => {
    // Neighbours that know no method fail all the time.
    const breakers = {
      registry: unlimited,
      reports: unlimited,
      sessions: unlimited,
      orchestrator: unlimited,
    };
    at = await startGatewayForTest({ env: { BREAKERS: JSON.stringify(breakers) } });
    const owner = {
      tenantId: '0199aaaa-0000-7000-8000-000000000001',
      tenantName: 'acme',
      username: 'importer',
    };
    const userId = '0199aaaa-0000-7000-8000-000000000002';
    at.handlers.apiKeys = {
      authenticateApiKey: ({ keyHash }) => {
        const hash = Buffer.from(keyHash).toString('hex');
        const permissions = permissionsOfKey.get(hash) ?? [];
        const key = { keyId: `key_${hash}`, name: 'importer', permissions, rateLimit: 1_000, userId };
        return { ...owner, key, role: 'admin' };
      },
    };
  });
  afterAll(() => at.close());

  // Behind the gate nothing answers, so that whoever passes is told of something else.
  const outcome = async (line: string, token?: string) => {
    const { status } = await at.send(line, token === undefined ? {} : { token });
    return status === 401 || status === 403 ? status : 'passed';
  };

  function keyWith(permissions: string[]): string {
    const secret = randomBytes(32).toString('hex');
    permissionsOfKey.set(createHash('sha256').update(secret).digest('hex'), permissions);
    return secret;
  }

  it.each(rows)('%s needs a credential and the role %s', async (line, least) => {
    expect(await outcome(line)).toBe(401);
    for (const role of roles) {
      const wanted = roles.indexOf(role) >= roles.indexOf(least) ? 'passed' : 403;
      expect([role, await outcome(line, await at.token({ roles: [role] }))]).toEqual([role, wanted]);
    }
  });

  it.each(rows)('%s as %s needs of an API key that it has %s', async (line, _least, permission) => {
    const others = new Set(rows.map(([, , other]) => other).filter((other) => other !== permission));
    expect(await outcome(line, keyWith([permission]))).toBe('passed');
    expect(await outcome(line, keyWith([...others]))).toBe(403);
  });
});
