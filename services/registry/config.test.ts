// The registry's settings: what is required and what is refused.
import { describe, expect, it } from '@jest/globals';
import { generateSigningKey } from '../../foundation/identity/signing-key.ts';
import { readRegistryConfig } from './config.ts';

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
    });
    expect(config).toMatchObject({ databasePoolSize: 10, port: 0 });
  });
});
