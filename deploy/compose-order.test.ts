// Who reaches whom in the compose project, who waits for whom, and where telemetry goes.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { type ComposeService, readComposeProject } from './compose-project.for-test.ts';

const project = readComposeProject();
const services = Object.entries(project.services);
const processes = ['registry', 'reports', 'sessions', 'agents', 'orchestrator', 'gateway'];
/** What a process is told to reach: every setting with a host in it. */
const reaching = /^(?:dns:\/\/\/|https?:\/\/)([a-z][a-z-]*):(\d+)$/;

function service(name: string): ComposeService {
  const found = project.services[name];
  if (found === undefined) throw new Error(`There is no service ${name}`);
  return found;
}

/** Everyone who shares a network with the service. */
function neighboursOf(name: string): string[] {
  const { networks } = service(name);
  return services
    .filter(([other, it]) => other !== name && it.networks.some((network) => networks.includes(network)))
    .map(([other]) => other)
    .toSorted();
}

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly port: number;
  readonly setting: string;
}

const edges: readonly Edge[] = services.flatMap(([from, { environment = {} }]) => {
  const { DB_HOST, DB_PORT, ...others } = environment;
  const database = DB_HOST ? [{ from, to: DB_HOST, port: Number(DB_PORT), setting: 'DB_HOST' }] : [];
  const called = Object.entries(others).flatMap(([setting, value]) => {
    const [, to = '', port] = reaching.exec(value) ?? [];
    return to === '' || to === 'localhost' ? [] : [{ from, to, port: Number(port), setting }];
  });
  return [...database, ...called];
});

describe('a container of the project', () => {
  it.each(edges)('$from reaches $to, as $setting says', ({ from, to, port }) => {
    expect(neighboursOf(from)).toContain(to);
    const own = Number(service(to).environment?.PORT ?? Number.NaN);
    const known: Readonly<Record<string, number>> = {
      ...{ postgres: 5_432, dynamodb: 8_000, objects: 9_000 },
      'otel-collector': 4_318,
    };
    expect(port).toBe(known[to] ?? own);
  });

  it.each([
    ['postgres', ['db-init', 'orchestrator', 'registry', 'reports']],
    ['dynamodb', ['create-stores', 'reports', 'sessions']],
    ['objects', ['create-stores', 'reports']],
    ['otel-collector', ['jaeger', ...processes].toSorted()],
    ['jaeger', ['otel-collector']],
  ])('%s is reached by %j and nobody else', (name, others) => {
    expect(neighboursOf(name)).toEqual(others);
  });

  it('leaves the machine if it is the agents service, or publishes a port', () => {
    const open = services.filter(([, { networks }]) =>
      networks.some((network) => project.networks[network]?.internal !== true),
    );
    expect(open.map(([name]) => name).toSorted()).toEqual(['agents', 'gateway', 'jaeger', 'objects']);
    for (const [name, { networks }] of open) {
      const wide = networks.filter((network) => project.networks[network]?.internal !== true);
      const sharers = services.filter(([, it]) => it.networks.some((network) => wide.includes(network)));
      expect(sharers.map(([other]) => other)).toEqual([name]);
    }
  });
});

/** Everyone whom a service waits for, directly or not. Throws for a cycle. */
function awaited(name: string, path: readonly string[] = []): ReadonlySet<string> {
  if (path.includes(name)) throw new Error(`They wait for each other: ${[...path, name].join(', ')}`);
  const first = Object.keys(service(name).depends_on ?? {});
  return new Set([...first, ...first.flatMap((other) => [...awaited(other, [...path, name])])]);
}

describe('the start', () => {
  it.each(processes)('of %s waits until everyone whom it calls can serve', (name) => {
    const called = edges.filter(({ from }) => from === name).map(({ to }) => to);
    expect([...awaited(name)]).toEqual(expect.arrayContaining(called));
  });

  it.each(services)(
    'of %s waits for jobs that they have ended well, and for health where that is known',
    (_, it) => {
      for (const [other, { condition }] of Object.entries(it.depends_on ?? {})) {
        const { healthcheck } = service(other);
        const isJob = healthcheck?.disable === true;
        const expected = healthcheck === undefined ? 'service_started' : 'service_healthy';
        expect([other, condition]).toEqual([other, isJob ? 'service_completed_successfully' : expected]);
      }
    },
  );

  it.each(processes)('of %s is over when its own port says so', (name) => {
    const { environment: { PORT = '' } = {}, healthcheck } = service(name);
    expect(healthcheck?.test?.at(-1)).toBe(`${name === 'gateway' ? 'http://' : ''}127.0.0.1:${PORT}`);
  });
});

describe('the collector', () => {
  const { configs = [], command = [] } = service('otel-collector');
  const [{ source, target } = { source: '', target: '' }] = configs;
  const file = join(import.meta.dirname, project.configs[source]?.file ?? '');
  const config = parse(readFileSync(file, 'utf8'));
  const pipelines: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> =
    config.service.pipelines;

  it('is given its configuration where it looks for it', () => {
    expect(command).toEqual([`--config=${target}`]);
  });

  it('names in pipelines exactly what is defined', () => {
    for (const kind of ['receivers', 'processors', 'exporters']) {
      const used = Object.values(pipelines).flatMap((pipeline) => pipeline[kind] ?? []);
      expect([...new Set(used)].toSorted()).toEqual(Object.keys(config[kind]).toSorted());
    }
    expect(config.service.extensions).toEqual(Object.keys(config.extensions));
  });

  it('takes spans where processes send them', () => {
    const { protocols } = config.receivers.otlp;
    const port = edges.find(({ setting }) => setting === 'OTEL_EXPORTER_OTLP_ENDPOINT')?.port;
    expect(protocols.http.endpoint).toBe(`0.0.0.0:${port}`);
    expect(protocols.grpc.endpoint).toBe('0.0.0.0:4317');
  });

  it('hands them to Jaeger, and minds its memory first', () => {
    const { endpoint } = config.exporters['otlp/jaeger'];
    expect(endpoint).toBe('jaeger:4317');
    expect(neighboursOf('otel-collector')).toContain('jaeger');
    expect(pipelines.traces?.processors?.[0]).toBe('memory_limiter');
  });
});
