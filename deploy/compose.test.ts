// The compose project: by the specification and a linter, and by what the processes need. No engine is asked; the settings go through the real readers.
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { DCLinter } from 'dclint';
import { readConfig } from '../foundation/config/reader.ts';
import { readGatewayConfig } from '../gateway/config.ts';
import { ensureSecretFiles, secretNames } from '../scripts/compose/secret-files.ts';
import { readInitSettings } from '../scripts/database/admin-settings.ts';
import { readBucketPlace } from '../scripts/stores/bucket-settings.ts';
import { readDynamodbPlace } from '../scripts/stores/store-settings.ts';
import { readAgentsConfig } from '../services/agents/config.ts';
import { readOrchestratorConfig } from '../services/orchestrator/config.ts';
import { readRegistryConfig } from '../services/registry/config.ts';
import { readReportsConfig } from '../services/reports/config.ts';
import { readSessionsConfig } from '../services/sessions/config.ts';
import { type ComposeService, composeFile, readComposeProject } from './compose-project.for-test.ts';
import { programs } from './image/programs.ts';

const project = readComposeProject();
const services = Object.entries(project.services);
const own = services.filter(([, { image }]) => image.startsWith('domainflow:'));
const readme = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8');

type Environment = Readonly<Record<string, string>>;
const readers: Readonly<Record<string, (env: Environment) => unknown>> = {
  gateway: readGatewayConfig,
  registry: readRegistryConfig,
  reports: readReportsConfig,
  sessions: readSessionsConfig,
  orchestrator: readOrchestratorConfig,
  agents: readAgentsConfig,
  'db-init': readInitSettings,
  'create-stores': (env) => readConfig(env, (read) => [readDynamodbPlace(read), readBucketPlace(read)]),
};

let secretsDir: string;
beforeAll(async () => {
  secretsDir = await mkdtemp(join(tmpdir(), 'compose-secrets-'));
  await ensureSecretFiles(secretsDir, join(secretsDir, 'issuer.json'));
});
afterAll(() => rm(secretsDir, { recursive: true, force: true }));

/** The settings of a service, with the secrets where they lie here. */
function environmentOf({ environment = {} }: ComposeService): Environment {
  const entries = Object.entries(environment).map(
    ([name, value]) => [name, value.replace('/run/secrets', secretsDir)] as const,
  );
  return Object.fromEntries(entries);
}

describe('the compose file', () => {
  it('is one by the Compose Specification', () => {
    const path = join(import.meta.dirname, '..', 'node_modules', 'dclint', 'schemas', 'compose.schema.json');
    const { $schema: _, ...schema } = JSON.parse(readFileSync(path, 'utf8'));
    const valid = new Ajv({ strict: false, validateFormats: false }).compile(schema);
    expect([valid(project), valid.errors]).toEqual([true, null]);
    const wrong = { ...project, services: { gateway: { imagee: 'x' } } };
    expect(valid(wrong)).toBe(false);
  });

  it('is clean, orders by the alphabet apart', () => {
    const linter = new DCLinter({ rules: {}, quiet: true, debug: false, exclude: [] });
    const found: readonly { rule: string; line: number; message: string }[] = linter
      .lintFiles([composeFile], false)
      .flatMap((file: { messages: readonly never[] }) => file.messages);
    expect(found.filter(({ rule }) => !rule.endsWith('-order'))).toEqual([]);
  });

  it('names a version of every image', () => {
    for (const [, { image }] of services) expect(image).toMatch(/:(?!latest$)[\w.-]*\d[\w.-]*$/);
  });
});

describe('every container', () => {
  it.each(services)('%s has no right that it does not need, and limits', (name, service) => {
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      restart: name in programs && service.healthcheck?.disable ? 'no' : 'unless-stopped',
      logging: { driver: 'json-file', options: { 'max-size': '100m', 'max-file': '20' } },
      mem_limit: expect.stringMatching(/^\d+[mg]$/),
      cpus: expect.any(Number),
      pids_limit: expect.any(Number),
    });
    expect(service.privileged).toBe(undefined);
  });

  it.each(services)('%s is given the secrets that its settings name, and no other', (_, service) => {
    const named = Object.values(service.environment ?? {}).flatMap((value) =>
      value.startsWith('/run/secrets/') ? [value.slice('/run/secrets/'.length)] : [],
    );
    const optional = ['model-api-key'];
    const given = (service.secrets ?? []).filter((name) => !optional.includes(name));
    expect(given.toSorted()).toEqual([...new Set(named)].toSorted());
    expect(Object.keys(project.secrets)).toEqual(expect.arrayContaining([...(service.secrets ?? [])]));
  });

  it('publishes ports to this machine alone', () => {
    const ports = services.flatMap(([, service]) => service.ports ?? []);
    expect(ports.length).toBeGreaterThan(0);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  });
});

describe('every process and job', () => {
  it('is a program of the image, each process once', () => {
    expect(own.map(([name]) => name).toSorted()).toEqual(Object.keys(readers).toSorted());
    for (const [name, { command = [] }] of own) {
      expect(command[0]).toBe(name);
      expect(Object.keys(programs)).toContain(name);
    }
  });

  it.each(own)('%s has all settings that it needs', (name, service) => {
    expect(() => readers[name]?.(environmentOf(service))).not.toThrow();
  });

  it('would be told what is missing', () => {
    const { registry, gateway } = project.services;
    const { PAGE_TOKEN_KEY_FILE: _, ...less } = environmentOf(registry as ComposeService);
    expect(() => readers.registry?.(less)).toThrow('PAGE_TOKEN_KEY is required');
    const production = readComposeProject({ GATEWAY_NODE_ENV: 'production' }).services.gateway ?? gateway;
    expect(() => readers.gateway?.(environmentOf(production as ComposeService))).toThrow('AUTH_DEV_ISSUER');
  });

  it('may have an issuer of yours in place of that of development', () => {
    const variables = {
      GATEWAY_NODE_ENV: 'production',
      AUTH_DEV_ISSUER: '',
      AUTH_ISSUER: 'https://issuer.example',
      AUTH_AUDIENCE: 'domainflow',
    };
    const { gateway } = readComposeProject(variables).services;
    const config = readGatewayConfig(environmentOf(gateway as ComposeService));
    expect(config.auth).toMatchObject({ devIssuerKeyFile: undefined, oidc: { audiences: ['domainflow'] } });
  });

  it.each(own)(
    '%s is given settings that are documented, and secrets as files',
    (name, { environment = {} }) => {
      const rows = new Map(
        [...readme.matchAll(/^\| `([A-Z_]+)` \| ([^|]+) \| ([^|]+) \|/gm)].map(([, setting, who, what]) => [
          setting,
          { who: who ?? '', what: what ?? '' },
        ]),
      );
      const isJob = name === 'db-init' || name === 'create-stores';
      const unknown = Object.keys(environment).filter((setting) => {
        const row = rows.get(setting);
        if (
          setting === 'NODE_ENV' ||
          (isJob && /^(?:ADMIN|REGISTRY|REPORTS|ORCHESTRATOR|ENGINE)_DB_/.test(setting))
        )
          return false;
        const reads =
          row?.who === 'all' || row?.who.includes(name) || (row?.who === 'services' && name !== 'gateway');
        return row === undefined || !(reads || isJob);
      });
      expect(unknown).toEqual([]);
      const secret = Object.keys(environment).filter((setting) =>
        /\bsecret\b/.test(rows.get(setting)?.what ?? ''),
      );
      expect(secret).toEqual([]);
    },
  );
});

describe('the secrets', () => {
  it('are those that compose-secrets makes', () => {
    expect(Object.keys(project.secrets).toSorted()).toEqual(secretNames);
    for (const [name, { file }] of Object.entries(project.secrets))
      expect(file).toBe(`../.domainflow/compose/${name}`);
  });
});
