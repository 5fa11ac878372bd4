// The registry's settings: what is required and what is refused.
import { describe, expect, it } from '@jest/globals';
import { generateSigningKey } from '../../foundation/identity/signing-key.ts';
import { readRegistryConfig } from './config.ts';
import { definitionLimits } from './core/limits.ts';

describe('readRegistryConfig', () => {
  it('needs keys, a database and a key for cursors, and reports all that is wrong without repeating a secret', () => {
    const wrong = { DATABASE_URL: 'mysql://root:hunter2@x/y', PAGE_TOKEN_KEY: 'hunter2' };
    const read = () => readRegistryConfig(wrong);
    expect(read).toThrow(/MESH_KEYS[\s\S]*DATABASE_URL[\s\S]*PAGE_TOKEN_KEY/);
    expect(read).not.toThrow(/hunter2/);
  });

  it('takes ten connections where nothing else is said', async () => {
    const { publicJwk } = await generateSigningKey();
    const config = readRegistryConfig({
      MESH_KEYS: JSON.stringify({ gateway: [publicJwk], orchestrator: [publicJwk] }),
      DATABASE_URL: 'postgresql://registry_app:secret@127.0.0.1:5432/domainflow',
      PAGE_TOKEN_KEY: 'x'.repeat(32),
      CREDENTIALS_KEYS: JSON.stringify([{ id: 'a', key: Buffer.alloc(32).toString('base64url') }]),
    });
    expect(config).toMatchObject({ database: { pool: { sizeKept: 10, overflowMax: 20 } }, port: 0 });
  });

  const key = Buffer.alloc(32, 1).toString('base64url');
  const environment = async (changes: Record<string, string>) => {
    const { publicJwk } = await generateSigningKey();
    return {
      MESH_KEYS: JSON.stringify({ gateway: [publicJwk], orchestrator: [publicJwk] }),
      DATABASE_URL: 'postgresql://registry_app:secret@127.0.0.1:5432/domainflow',
      PAGE_TOKEN_KEY: 'x'.repeat(32),
      CREDENTIALS_KEYS: JSON.stringify([{ id: 'a', key }]),
      ...changes,
    };
  };

  it('takes several keys for credentials in their order', async () => {
    const keys = [
      { id: '2026-11', key },
      { id: '2026-10', key },
    ];
    const { credentialKeys } = readRegistryConfig(
      await environment({ CREDENTIALS_KEYS: JSON.stringify(keys) }),
    );
    expect(credentialKeys.map(({ id, key: bytes }) => [id, bytes.length])).toEqual([
      ['2026-11', 32],
      ['2026-10', 32],
    ]);
  });

  it.each([
    ['none', '[]'],
    ['no list', '{"id": "a"}'],
    ['a key that is too short', JSON.stringify([{ id: 'a', key: 'hunter2' }])],
    ['a key without a name', JSON.stringify([{ key }])],
    [
      'two of one name',
      JSON.stringify([
        { id: 'a', key },
        { id: 'a', key },
      ]),
    ],
    ['what is no JSON', 'hunter2'],
  ])('refuses as keys for credentials %s', async (_name, keys) => {
    const env = await environment({ CREDENTIALS_KEYS: keys });
    expect(() => readRegistryConfig(env)).toThrow(/CREDENTIALS_KEYS must be/);
    expect(() => readRegistryConfig(env)).not.toThrow(/hunter2/);
  });

  it('allows no networks unless some are named, each by its first bits', async () => {
    expect(readRegistryConfig(await environment({})).workerNetworks).toEqual([]);
    const named = await environment({ WORKER_NETWORKS: '10.0.0.0/8, fd00::/8' });
    expect(readRegistryConfig(named).workerNetworks.map(({ bits }) => bits)).toEqual([8, 8]);
    const wrong = await environment({ WORKER_NETWORKS: '10.0.0.0/8,office' });
    expect(() => readRegistryConfig(wrong)).toThrow(/WORKER_NETWORKS must be/);
  });

  it('keeps the ledger for 400 days unless told otherwise, and for two months at least', async () => {
    expect(readRegistryConfig(await environment({})).usageRetentionDays).toBe(400);
    const named = await environment({ USAGE_RETENTION_DAYS: '62' });
    expect(readRegistryConfig(named).usageRetentionDays).toBe(62);
    const short = await environment({ USAGE_RETENTION_DAYS: '61' });
    expect(() => readRegistryConfig(short)).toThrow(/USAGE_RETENTION_DAYS/);
  });

  it('bounds definitions as the platform does unless other figures are given, within the most that there may be', async () => {
    expect(readRegistryConfig(await environment({})).limits).toEqual(definitionLimits);
    const given = await environment({
      SYSTEM_PROMPT_MAX: '20000',
      PLAYBOOK_NODES_MAX: '60',
      PLAYBOOK_EDGES_MAX: '300',
      PLAN_TASKS_MAX: '200',
    });
    expect(readRegistryConfig(given).limits).toEqual({
      systemPromptMax: 20_000,
      playbookNodesMax: 60,
      playbookEdgesMax: 300,
      planTasksMax: 200,
    });
    const wrong = await environment({ SYSTEM_PROMPT_MAX: '20001', PLAN_TASKS_MAX: '0' });
    expect(() => readRegistryConfig(wrong)).toThrow(/SYSTEM_PROMPT_MAX[\s\S]*PLAN_TASKS_MAX/);
  });
});
