// The connections of a mesh against those of its server.
import { describe, expect, it } from '@jest/globals';
import { generateSigningKey } from '../../foundation/identity/signing-key.ts';
import { postgresConnectionsMax } from '../databases/postgres.ts';
import { connectionNeeds, requireConnectionBudget } from './connection-budget.ts';
import { randomSecrets } from './mesh-secrets.ts';

async function needs() {
  const key = await generateSigningKey();
  return connectionNeeds({
    ...{ port: 0, adminUrl: 'postgresql://postgres:secret@127.0.0.1:1/domainflow', secrets: randomSecrets() },
    ...{ dynamoEndpoint: 'http://127.0.0.1:1', tracesUrl: 'http://127.0.0.1:1', logDir: '/logs' },
    objects: { endpoint: 'http://127.0.0.1:1', bucket: 'images', accessKeyId: 'id', secretAccessKey: 'key' },
    ...{ issuerKeyPath: '/key.json', gatewayKey: key, runKey: key, agentsKey: key, replicaName: 'local' },
  });
}

describe('the connections of a mesh', () => {
  it('are pool, overflow, engine and listener of each service that has a database', async () => {
    expect(await needs()).toEqual({ registry: 9, reports: 8, orchestrator: 14 });
  });

  it('are at most 80 % of what its PostgreSQL takes', async () => {
    expect(requireConnectionBudget(await needs(), postgresConnectionsMax)).toBeUndefined();
    expect(requireConnectionBudget(await needs(), 39)).toBeUndefined();
  });

  it('are refused beyond that, with every figure and what to do', async () => {
    const tooMany = await needs();
    expect(() => requireConnectionBudget(tooMany, 38)).toThrow(
      'The services may open 31 connections to PostgreSQL (registry 9, reports 8, orchestrator 14), but 80 % of its 38 are 30: lower DB_POOL_SIZE or DB_MAX_OVERFLOW, or raise max_connections',
    );
  });
});
