// The settings of the service: defaults, and every problem at once.
import { describe, expect, it } from '@jest/globals';
import { generateSigningKey } from '../../foundation/identity/signing-key.ts';
import { readSessionsConfig } from './config.ts';

describe('readSessionsConfig', () => {
  it('has defaults for everything that need not be given', async () => {
    const { publicJwk } = await generateSigningKey();
    const config = readSessionsConfig({
      MESH_KEYS: JSON.stringify({ gateway: [publicJwk], orchestrator: [publicJwk] }),
      PAGE_TOKEN_KEY: 'k'.repeat(32),
    });
    expect(config.dynamodb).toEqual({ endpoint: undefined, region: 'us-east-1' });
    expect(config.tables).toEqual({ sessions: 'Sessions', messages: 'Messages', queryJobs: 'QueryJobs' });
    expect(config.tenantWriteShards).toBe(1);
  });

  it('names every problem at once and no secret', () => {
    const read = () =>
      readSessionsConfig({ PAGE_TOKEN_KEY: 'short-secret', SESSIONS_TABLE: 'ab', TENANT_WRITE_SHARDS: '65' });
    expect(read).toThrow(/MESH_KEYS[\s\S]*SESSIONS_TABLE[\s\S]*TENANT_WRITE_SHARDS[\s\S]*PAGE_TOKEN_KEY/);
    expect(read).not.toThrow(/short-secret/);
  });
});
