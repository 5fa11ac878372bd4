// The registry's settings, read from its environment.
import type { DatabaseConfig } from '../../foundation/config/database-config.ts';
import { type Environment, type Readers, readConfig } from '../../foundation/config/reader.ts';
import { readReplicatedDatabase } from '../../foundation/config/replica-source.ts';
import { readServiceConfig, type ServiceConfig } from '../../foundation/config/service-config.ts';
import type { Network } from '../../foundation/net/address.ts';
import type { DefinitionLimits } from './core/limits.ts';
import type { CredentialKey } from './core/tool-credentials.ts';

/** Settings of the registry. */
export interface RegistryConfig extends ServiceConfig {
  /** PostgreSQL under the role `registry_app`. */
  readonly database: DatabaseConfig;
  /** `PAGE_TOKEN_KEY`: secret text of at least 32 characters that signs cursors, the same in all replicas. */
  readonly pageTokenKey: string;
  /**
   * `CREDENTIALS_KEYS`: secret JSON `[{"id", "key"}]`, each key being 32 bytes in base64url. The first one seals the credentials of
   * tools, all of them open.
   */
  readonly credentialKeys: readonly CredentialKey[];
  /** `WORKER_NETWORKS` [none]: networks whose private addresses tenants' tools may name, and where http will do. */
  readonly workerNetworks: readonly Network[];
  /** `PLATFORM_TENANTS` [every tenant]: UUIDs of the tenants whose admins may force circuit breakers of the platform. */
  readonly platformTenants: readonly string[];
  /** `SYSTEM_PROMPT_MAX` [2000], `PLAYBOOK_NODES_MAX` [50], `PLAYBOOK_EDGES_MAX` [200], `PLAN_TASKS_MAX` [110]. */
  readonly limits: DefinitionLimits;
  /** `USAGE_RETENTION_DAYS` [400]: how long the ledger keeps calls of models. */
  readonly usageRetentionDays: number;
}

/** Reads the settings; one ConfigError names everything that is wrong. */
export function readRegistryConfig(env: Environment = process.env): RegistryConfig {
  return readConfig(env, (read) => ({
    ...readServiceConfig(read),
    database: readReplicatedDatabase(read),
    pageTokenKey: read.text('PAGE_TOKEN_KEY', { lengthMin: 32, secret: true, orFile: true }),
    credentialKeys: read.json('CREDENTIALS_KEYS', {
      orFile: true,
      expected: '[{"id": name, "key": 32 bytes in base64url}], each id once',
      parse: credentialKeysOf,
    }),
    workerNetworks: read.networks('WORKER_NETWORKS', { default: [] }),
    platformTenants: readPlatformTenants(read),
    limits: {
      systemPromptMax: read.integer('SYSTEM_PROMPT_MAX', { min: 1, max: 20_000, default: 2_000 }),
      playbookNodesMax: read.integer('PLAYBOOK_NODES_MAX', { min: 1, max: 1_000, default: 50 }),
      playbookEdgesMax: read.integer('PLAYBOOK_EDGES_MAX', { min: 1, max: 10_000, default: 200 }),
      planTasksMax: read.integer('PLAN_TASKS_MAX', { min: 1, max: 2_000, default: 110 }),
    },
    usageRetentionDays: read.integer('USAGE_RETENTION_DAYS', { min: 62, max: 3_650, default: 400 }),
  }));
}

const uuidForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function readPlatformTenants(read: Readers): readonly string[] {
  const tenants = read.list('PLATFORM_TENANTS', { default: [] });
  const wrong = tenants.filter((tenant) => !uuidForm.test(tenant));
  if (wrong.length > 0) read.problem('PLATFORM_TENANTS must be UUIDs of tenants, separated by commas');
  return tenants.map((tenant) => tenant.toLowerCase());
}

function credentialKeysOf(value: unknown): readonly CredentialKey[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const keys = value.map((item: unknown) => {
    const { id, key } = Object(item) as Readonly<Record<string, unknown>>;
    return { id: typeof id === 'string' ? id : '', key: Buffer.from(String(key), 'base64url') };
  });
  const valid = keys.every(({ id, key }) => /^[\w.-]{1,32}$/.test(id) && key.length === 32);
  return valid && new Set(keys.map(({ id }) => id)).size === keys.length ? keys : undefined;
}
