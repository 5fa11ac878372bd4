// The image holds what its programs load, and nothing else. It is laid from the Dockerfile and .dockerignore themselves, and every program is started.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startMesh } from '../../local/mesh.ts';
import { mintToken } from '../../local/terminal/mint-token.ts';
import { readDescribedClients } from '../../test/e2e/described-client.ts';
import { finishReport } from '../../test/e2e/test-mesh.ts';
import { type Bundle, layBundle, runInBundle } from './bundle.for-test.ts';
import { type ModuleClosure, moduleClosure } from './module-closure.for-test.ts';
import { programs } from './programs.ts';

const runner = 'deploy/image/run.ts';
const processes = ['gateway', 'registry', 'reports', 'sessions', 'orchestrator', 'agents'];
const jobs = Object.keys(programs).filter((name) => !processes.includes(name));
const settingOf: Readonly<Record<string, string>> = {
  gateway: 'GATEWAY_SIGNING_KEY',
  orchestrator: 'RUN_SIGNING_KEY',
  agents: 'AGENTS_SIGNING_KEY',
};
/** What is read and not imported: migrations, models, the gazetteer, the version. */
const data = /\.sql$|^services\/agents\/store\/.*\.(?:json|bin|gz)$|^(?:package\.json|LICENSE|NOTICE)$/;

/** Many processes start at the same time here, and share what cores there are. */
const startMs = 90_000;

let bundle: Bundle;
let modules: ModuleClosure;

beforeAll(async () => {
  bundle = await layBundle();
  modules = moduleClosure(bundle.dir, runner);
}, startMs);
afterAll(() => bundle?.close());

describe('the bundle', () => {
  it('holds every file that a program may load', () => {
    expect([...modules.files].filter((path) => !bundle.files.includes(path))).toEqual([]);
  });

  it('holds no code beside what programs are written with', () => {
    const { files } = moduleClosure(bundle.dir, runner, { withTypes: true });
    expect(bundle.files.filter((path) => !data.test(path) && !files.has(path))).toEqual([]);
  });

  it('holds the data that programs read', () => {
    const kinds = bundle.files.filter((path) => data.test(path)).map((path) => path.replace(/[^/]*$/, ''));
    expect([...new Set(kinds)].toSorted()).toEqual([
      '',
      'services/agents/store/',
      'services/agents/store/data/',
      'services/orchestrator/store/migrations/',
      'services/registry/store/migrations/',
      'services/reports/store/migrations/',
    ]);
  });

  it('holds every package that is imported, also by what is loaded only when it is needed', async () => {
    const { packages } = modules;
    expect([...packages]).toEqual(expect.arrayContaining(['pg', 'ai', '@aws-sdk/client-secrets-manager']));
    const lines = [...packages].map((name) => `await import(${JSON.stringify(name)});`);
    await writeFile(join(bundle.dir, 'import-all.mjs'), lines.join('\n'));
    expect(await runInBundle(bundle, 'import-all.mjs', [])).toMatchObject({ status: 0, stderr: '' });
  });
});

describe('from the bundle', () => {
  it.concurrent.each(processes)(
    '%s loads, and asks for its settings',
    async (name) => {
      const { status, stderr } = await runInBundle(bundle, runner, [name]);
      expect(stderr).toContain(`${name} could not start: The configuration is not valid`);
      expect(stderr).toContain(`${settingOf[name] ?? 'PAGE_TOKEN_KEY'} is required`);
      expect(status).toBe(78);
    },
    startMs,
  );

  it.concurrent.each(jobs)(
    '%s loads, and tells how it is used',
    async (name) => {
      const { status, stdout, stderr } = await runInBundle(bundle, runner, [name, '--help']);
      expect(stderr).toBe('');
      expect(stdout).toMatch(/^Usage: /);
      expect(status).toBe(0);
    },
    startMs,
  );

  it(
    'nothing runs under a name that there is not, and the list of names is told',
    async () => {
      for (const args of [[], ['no-such'], ['toString']]) {
        const { status, stderr } = await runInBundle(bundle, runner, args);
        expect(stderr).toContain(`must be one of: ${Object.keys(programs).join(', ')}`);
        expect(status).toBe(64);
      }
    },
    startMs,
  );
});

describe('a mesh of six processes from the bundle', () => {
  it(
    'takes a report from end to end, says that it can serve, and ends in order',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'domainflow-image-mesh-'));
      const issuerKeyPath = join(folder, 'issuer', 'key.json');
      const started = startMesh({
        ...{ port: 0, dataDir: undefined, mode: 'processes', durable: false, issuerKeyPath },
        ...{ logDir: join(folder, 'logs'), imageDir: bundle.dir },
      });
      try {
        const { gatewayUrl, addresses } = await started;
        const token = await mintToken({
          tenant: 'acme',
          user: 'ada',
          roles: ['admin'],
          keyPath: issuerKeyPath,
        });
        const { typed } = await readDescribedClients(gatewayUrl);
        const { report } = await finishReport(typed({ gatewayUrl, token }), 'Two lamps are out');
        expect(report.status).toBe('completed');
        const { gateway, ...services } = addresses;
        const targets = [`http://${gateway}`, ...Object.values(services)];
        const probes = targets.map((target) => runInBundle(bundle, runner, ['health-probe', target]));
        expect((await Promise.all(probes)).map(({ status }) => status)).toEqual(targets.map(() => 0));
      } finally {
        await started.then((mesh) => mesh.close());
        await rm(folder, { recursive: true, force: true });
      }
    },
    startMs,
  );
});

// The last, since it spoils the bundle.
describe('a bundle that lacks a package', () => {
  it(
    'says in one line of the log which, where it was looked for, and who asked',
    async () => {
      await rm(join(bundle.dir, 'node_modules', 'pg'), { recursive: true });
      const { status, stderr } = await runInBundle(bundle, runner, ['registry']);
      expect(JSON.parse(stderr)).toMatchObject({
        level: 'fatal',
        service: 'registry',
        msg: 'A module is missing',
        err: {
          module: 'pg',
          search_path: expect.arrayContaining([join(bundle.dir, 'node_modules')]),
          stack: expect.stringContaining('packageResolve'),
        },
      });
      expect(stderr).toContain(join(bundle.dir, 'foundation', 'postgres'));
      expect(status).toBe(1);
    },
    startMs,
  );
});
