// Wrong values are refused before anything is installed, by name and with what would be right; right ones are all explained.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { parseDocument } from 'yaml';
import {
  enginePoolSize,
  journalPoolSize,
  ownerPoolSize,
} from '../../services/orchestrator/store/engine-connections.ts';
import { changeListeners } from '../../services/registry/store/change-source.ts';
import { chartDir, exampleOf, leastValues, renderChart } from './helm.for-test.ts';

const valuesText = readFileSync(join(chartDir, 'values.yaml'), 'utf8');
const schema = JSON.parse(readFileSync(join(chartDir, 'values.schema.json'), 'utf8'));

/** Words of Kubernetes below `to`. */
const peerWords = ['namespaceSelector', 'matchLabels', 'except'];

type Node = Readonly<Record<string, unknown>>;

/** Parts of the schema that leave the form of an object to Kubernetes, or to nobody. */
const openParts = ['global', 'nodeAffinity', 'podAffinity', 'podAntiAffinity'];

/** Every schema of an object, by the path to it. */
function objectSchemas(node: unknown, path: readonly string[] = []): readonly (readonly [string, Node])[] {
  if (typeof node !== 'object' || node === null) return [];
  const below = Object.entries(node).flatMap(([name, child]) => objectSchemas(child, [...path, name]));
  return (node as Node).type === 'object' ? [[path.join('/'), node as Node], ...below] : below;
}

describe('the schema of values', () => {
  it('fits the values of the chart', () => {
    const validate = new Ajv({ strict: false, allErrors: true }).compile(schema);
    expect([validate(parseDocument(valuesText).toJS()), validate.errors]).toEqual([true, null]);
  });

  it('says of every object which keys it may have, or of which kind each value is', () => {
    const loose = objectSchemas(schema)
      .filter(
        ([, { additionalProperties }]) => additionalProperties === undefined || additionalProperties === true,
      )
      .map(([path]) => path.split('/').at(-1) ?? '');
    expect(loose.sort()).toEqual([...openParts].sort());
  });

  it.each([
    ['an unknown key', { gateways: {} }, /additional properties 'gateways' not allowed/],
    [
      'a misspelt key',
      { gateway: { replica: 3 } },
      /\/gateway': additional properties 'replica' not allowed/,
    ],
    [
      'an unknown service',
      { services: { planner: {} } },
      /\/services': additional properties 'planner' not allowed/,
    ],
    [
      'negative replicas',
      { services: { agents: { replicas: -1 } } },
      /\/services\/agents\/replicas': minimum: got -1, want 1/,
    ],
    ['no replicas', { gateway: { replicas: 0 } }, /\/gateway\/replicas': minimum: got 0, want 1/],
    [
      'words for a number',
      { gateway: { replicas: 'two' } },
      /\/gateway\/replicas': got string, want integer/,
    ],
    [
      'a setting that nothing reads',
      { services: { agents: { settings: { MODEL_PROVIDR: 'none' } } } },
      /\/services\/agents\/settings': additional properties 'MODEL_PROVIDR'/,
    ],
    [
      'a setting of another process',
      { services: { sessions: { settings: { MODEL_PROVIDER: 'none' } } } },
      /'MODEL_PROVIDER' not allowed/,
    ],
    [
      'a setting that the chart makes itself',
      { services: { registry: { settings: { PORT: '1' } } } },
      /\/settings': additional properties 'PORT'/,
    ],
    [
      'a secret as plain text',
      { services: { agents: { settings: { MODEL_API_KEY: 'sk-1' } } } },
      /\/settings': additional properties 'MODEL_API_KEY'/,
    ],
    [
      'a Secret without a key',
      { secrets: { meshKeys: { name: 'keys', key: '' } } },
      /\/secrets\/meshKeys\/key': minLength/,
    ],
    [
      'another policy of pulling',
      { image: { pullPolicy: 'Sometimes' } },
      /\/image\/pullPolicy': value must be one of 'Always', 'IfNotPresent', 'Never'/,
    ],
    [
      'a role of another name',
      { database: { logins: { registry: { user: 'root' } } } },
      /\/database\/logins\/registry\/user': value must be 'registry_app'/,
    ],
    ['root', { pods: { userId: 0 } }, /\/pods\/userId': minimum: got 0, want 1/],
    [
      'a peer that is no peer',
      { networkPolicy: { database: { to: [{ cidr: '10.0.0.0/8' }] } } },
      /\/networkPolicy\/database\/to\/0': additional properties 'cidr'/,
    ],
    ['an ingress without a host', { ingress: { enabled: true } }, /\/ingress\/hosts': minItems/],
    [
      'an unknown part for trials',
      { trial: { redis: { enabled: true } } },
      /\/trial': additional properties 'redis'/,
    ],
  ])('refuses %s, and names it', async (_, values, message) => {
    await expect(renderChart(leastValues, values)).rejects.toThrow(message);
  });
});

describe('values that do not fit together', () => {
  it('are all named at once', async () => {
    const refusal = renderChart();
    await expect(refusal).rejects.toThrow(/database\.host is required/);
    await expect(refusal).rejects.toThrow(/objects\.bucket is required/);
    await expect(refusal).rejects.toThrow(/auth\.issuer is required/);
    await expect(refusal).rejects.toThrow(
      /networkPolicy\.database\.to is required: peers that stand for PostgreSQL/,
    );
  });

  it.each([
    ['an issuer without an audience', { auth: { audience: '' } }, /auth\.audience is required/],
    [
      'the development issuer of two gateways',
      { auth: { devIssuer: { enabled: true } } },
      /auth\.devIssuer\.enabled needs gateway\.replicas 1/,
    ],
    [
      'a collector that no policy lets anyone reach',
      { telemetry: { otlpEndpoint: 'http://otel:4318' } },
      /networkPolicy\.collector\.to is required/,
    ],
    [
      'a store in plain text without a key',
      { objects: { endpoint: 'http://minio:9000' } },
      /objects\.accessKey\.name is required/,
    ],
    [
      'fewer Pods at most than at least',
      { gateway: { autoscaling: { minReplicas: 9 } } },
      /gateway\.autoscaling\.minReplicas must not be more than maxReplicas/,
    ],
    [
      'any authority for the database',
      { database: { sslMode: 'verify-ca' } },
      /database\.ca\.name is required/,
    ],
  ])('are refused: %s', async (_, values, message) => {
    await expect(renderChart(leastValues, values)).rejects.toThrow(message);
  });

  it('are refused where all Pods together could open more than 80 % of the connections of PostgreSQL', async () => {
    // Three Pods and one while a version comes, each with a pool of 10 and what it has beside it.
    const each = {
      registry: 10 + changeListeners,
      reports: 10,
      orchestrator: 10 + enginePoolSize + journalPoolSize + ownerPoolSize,
    };
    const sum = 4 * (each.registry + each.reports + each.orchestrator);
    const most = (maxConnections: number) => renderChart(leastValues, { database: { maxConnections } });
    const refusal = `the services may open ${sum} connections to PostgreSQL (orchestrator 4 × ${each.orchestrator}, registry 4 × ${each.registry}, reports 4 × ${each.reports}), but 80 % of database.maxConnections are `;
    await expect(most(Math.floor((sum - 1) / 0.8))).rejects.toThrow(refusal);
    await expect(most(Math.ceil(sum / 0.8))).resolves.toBeDefined();
    await expect(most(0)).resolves.toBeDefined();
    await expect(renderChart(exampleOf('production'))).resolves.toBeDefined();
  });
});

describe('the values of the chart', () => {
  it('are explained: each key has a comment before it, at least where its name stands first', () => {
    const lines = valuesText.split('\n');
    const keys = lines.flatMap((line, index) => {
      const [, name] = /^ *(\w+):/.exec(line) ?? [];
      return name === undefined
        ? []
        : [{ name, explained: lines[index - 1]?.trim().startsWith('#') === true }];
    });
    const bare = keys.filter(({ name }) => !keys.some((key) => key.name === name && key.explained));
    expect([...new Set(bare.map(({ name }) => name))].filter((name) => !peerWords.includes(name))).toEqual(
      [],
    );
  });
});
