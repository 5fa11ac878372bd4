// What the chart tells each process is what that process asks for: its own readers judge it, and the table of settings knows every name.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readConfig } from '../../foundation/config/reader.ts';
import { readGatewayConfig } from '../../gateway/config.ts';
import { readInitSettings } from '../../scripts/database/admin-settings.ts';
import { readBucketPlace } from '../../scripts/stores/bucket-settings.ts';
import {
  readDynamodbPlace,
  readReportsPlace,
  readSessionsPlace,
} from '../../scripts/stores/store-settings.ts';
import { readAgentsConfig } from '../../services/agents/config.ts';
import { readOrchestratorConfig } from '../../services/orchestrator/config.ts';
import { readRegistryConfig } from '../../services/registry/config.ts';
import { readReportsConfig } from '../../services/reports/config.ts';
import { readSessionsConfig } from '../../services/sessions/config.ts';
import { environmentOf, makeStandIns, podFields, type StandIns, type Texts } from './environment.for-test.ts';
import { chartDir, exampleOf, leastValues, type Manifest, renderChart } from './helm.for-test.ts';
import { named, type ProcessName, podsOf, processNames, processPod } from './pods.for-test.ts';
import { reads, settingsTable } from './settings-table.for-test.ts';

const readers: Readonly<Record<ProcessName, (env: Texts) => object>> = {
  gateway: readGatewayConfig,
  registry: readRegistryConfig,
  reports: readReportsConfig,
  sessions: readSessionsConfig,
  agents: readAgentsConfig,
  orchestrator: readOrchestratorConfig,
};

/** Ways that settings offer and the chart does not take, since it takes another one, and files where standard output does. */
const waysNotTaken = [...['DATABASE_URL', 'ENGINE_DATABASE_URL', 'LOG_FILE']];

/** Values that make the chart set whatever it can set. */
const talkative = {
  ...leastValues,
  ...{ corsOrigins: ['https://app.example.org'], workerNetworks: ['10.20.0.0/16', '10.30.0.0/16'] },
  auth: { ...leastValues.auth, rolesClaim: 'groups', tenantClaim: 'tenant', usernameClaim: 'name' },
  telemetry: {
    otlpEndpoint: 'https://otel.example.org:4317',
    otlpProtocol: 'grpc',
    ...{ otlpHeaders: { name: 'collector' }, otlpCa: { name: 'collector' } },
  },
  networkPolicy: { ...leastValues.networkPolicy, collector: { to: [{ ipBlock: { cidr: '192.0.2.4/32' } }] } },
  breakers: { reports: { reset_s: 10 } },
  gateway: {
    workerGate: { enabled: true },
    settings: { RATE_USER_PER_DAY: 1_000_000, EVENT_STREAMS_MAX: 0 },
  },
};

describe('the settings of a rendered chart', () => {
  let standIns: StandIns;
  let renders: ReadonlyMap<string, readonly Manifest[]>;

  beforeAll(async () => {
    standIns = await makeStandIns();
    const sets = { least: leastValues, talkative, ...examples() };
    const rendered = Object.entries(sets).map(
      async ([name, values]) => [name, await renderChart(values)] as const,
    );
    renders = new Map(await Promise.all(rendered));
  });

  afterAll(() => standIns.remove());

  function examples(): Record<string, string> {
    return Object.fromEntries(['aws', 'production', 'trial'].map((name) => [name, exampleOf(name)]));
  }

  function environment(values: string, process: ProcessName): Record<string, string> {
    return environmentOf(processPod(renders.get(values) ?? [], process).container, standIns);
  }

  it('are all that each process requires, by its own readers, with every set of values', () => {
    const problems = [...renders.keys()].flatMap((values) =>
      processNames.flatMap((process) => {
        try {
          return readers[process](environment(values, process)) ? [] : [`${values}: ${process}`];
        } catch (error) {
          return [`${values}: ${process}: ${(error as Error).message}`];
        }
      }),
    );
    expect(problems).toEqual([]);
  });

  it('are all that the jobs require', () => {
    for (const objects of renders.values()) {
      const jobs = podsOf(objects).filter(({ owner }) => owner.startsWith('Job '));
      const env = (name: string) => {
        const [container] = jobs.find(({ owner }) => owner.includes(name))?.spec.containers ?? [];
        return environmentOf(container ?? { name: '', image: '' }, standIns);
      };
      expect(readInitSettings(env('db-init'))).toBeDefined();
      const stores = readConfig(env('create-stores'), (read) => ({
        ...readDynamodbPlace(read),
        ...readReportsPlace(read),
        ...readSessionsPlace(read),
        bucket: readBucketPlace(read),
      }));
      expect(stores.bucket.bucket).toMatch(/^domainflow-images/);
    }
  });

  it('are all in the table of settings, for that process', () => {
    const table = settingsTable();
    const unknown = [...renders.keys()].flatMap((values) =>
      processNames.flatMap((process) =>
        Object.keys(environment(values, process)).filter((name) => {
          const row = table.get(name);
          return name !== 'NODE_ENV' && (row === undefined || !reads(row, process));
        }),
      ),
    );
    expect(unknown).toEqual([]);
  });

  it('can all be given: what the chart does not set itself, the schema of its values names for the process, and nothing else', () => {
    const table = settingsTable();
    const schema = JSON.parse(readFileSync(join(chartDir, 'values.schema.json'), 'utf8')).properties;
    for (const process of processNames) {
      const own = process === 'gateway' ? schema.gateway : schema.services.properties[process];
      const offered = ['settings', 'secretSettings', 'secretFiles'].flatMap((kind) =>
        Object.keys(own.properties[kind].properties),
      );
      const set = [...renders.keys()].flatMap((values) => Object.keys(environment(values, process)));
      const known = new Set([...offered, ...set, ...waysNotTaken]);
      const isKnown = (name: string) =>
        [name, `${name}_FILE`, name.replace(/_FILE$/, '')].some((way) => known.has(way));
      const read = [...table].filter(([, row]) => reads(row, process)).map(([name]) => name);
      expect([process, ...offered.filter((name) => !read.includes(name))]).toEqual([process]);
      // A file is another way to give a setting, and one of both will do.
      const left = read.filter((name) => !isKnown(name));
      expect([process, ...left]).toEqual([process]);
    }
  });

  it('say where a process listens: each service at its own address, which an orchestrator tells the others', () => {
    for (const process of processNames.filter((name) => name !== 'gateway')) {
      expect(environment('least', process)).toMatchObject({ HOST: podFields['status.podIP'], PORT: '50051' });
    }
    expect(environment('least', 'gateway')).toMatchObject({ HOST: '0.0.0.0', PORT: '8080' });
    const { replicaName } = readOrchestratorConfig(environment('least', 'orchestrator'));
    expect(replicaName).toBe(podFields['metadata.name']);
  });

  it('name targets that are headless Services of the release', () => {
    for (const process of processNames) {
      const targets = Object.entries(environment('least', process)).filter(([name]) =>
        name.endsWith('_TARGET'),
      );
      for (const [name, target] of targets) {
        const service = name.replace('_TARGET', '').toLowerCase();
        expect(target).toBe(`dns:///df-domainflow-${service}:50051`);
        expect(named(renders.get('least') ?? [], 'Service', service).spec.clusterIP).toBe('None');
      }
    }
  });

  it('hold numbers, lists and objects as the readers understand them', () => {
    const gateway = readGatewayConfig(environment('talkative', 'gateway'));
    expect(gateway.rates.perDay).toBe(1_000_000);
    expect(gateway.eventStreamsMax).toBe(0);
    expect(gateway.grpcPort).toBe(50_052);
    expect(gateway.corsOrigins).toEqual(['https://app.example.org']);
    expect(readAgentsConfig(environment('talkative', 'agents')).workerNetworks).toHaveLength(2);
    expect(environment('talkative', 'reports').BREAKERS).toBe('{"reports":{"reset_s":10}}');
  });

  it('name files that the Pod has', () => {
    for (const objects of renders.values()) {
      for (const { owner, spec } of podsOf(objects)) {
        const [container] = spec.containers;
        const [volume] = spec.volumes?.filter(({ projected }) => projected) ?? [];
        const files = (volume?.projected?.sources ?? []).flatMap(({ secret }) =>
          secret.items.map(({ path }) => `/etc/domainflow/${path}`),
        );
        const asked = (container?.env ?? []).flatMap(({ value = '' }) =>
          value.startsWith('/etc/domainflow') ? [value] : [],
        );
        expect([owner, ...files.sort()]).toEqual([owner, ...asked.sort()]);
      }
    }
  });
});
