// The whole command for the local mesh, and the whole flow of compose with a scripted docker before a real mesh: each ends ready, with a full report.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { startTestMesh, type TestMesh } from '../test/e2e/test-mesh.ts';
import { composeAnswers } from './deploy/compose-answers.for-test.ts';
import { createComposeTarget } from './deploy/compose-target.ts';
import type { DeploymentReport } from './deploy/deployment-report.ts';
import { runDeployment } from './deploy/flow.ts';
import { scriptPrograms } from './deploy/scripted-programs.for-test.ts';
import { serviceNames } from './deploy/target.ts';

jest.setTimeout(120_000);

const root = join(import.meta.dirname, '..');
const signal = new AbortController().signal;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'domainflow-deploy-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

async function run(
  args: readonly string[],
  { env = {}, stopAt }: { readonly env?: Readonly<Record<string, string>>; readonly stopAt?: RegExp } = {},
): Promise<Ended> {
  const command = ['--no-warnings', join(root, 'scripts', 'deploy-and-verify.ts'), ...args];
  const options = { cwd: root, env: { ...process.env, DATA_DIR: folder, ...env }, stdio: 'pipe' } as const;
  const child = spawn(process.execPath, command, options);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      const before = output;
      output += text;
      if (stopAt?.test(output) && !stopAt.test(before)) child.kill('SIGINT');
    });
  const [code] = await once(child, 'close');
  return { code, output };
}

async function readReport(name: string): Promise<DeploymentReport> {
  return JSON.parse(await readFile(join(folder, name), 'utf8'));
}

const ready = { total: 42, passed: 42, failed: 0, pass_rate: 100, ready_for_demo: true };
const active = serviceNames.map((name) => ({ name, state: 'Active', has_dependencies: true }));

describe('the command', () => {
  it.each([
    ['--target is missing', []],
    ['--target takes', ['--target', 'moon']],
    ['--values', ['--target', 'local', '--values', 'x.yaml']],
    ['--issuer', ['--target', 'compose', '--issuer', 'somewhere']],
    ['--namespace', ['--target', 'helm', '--namespace', 'Not Good']],
  ])('ends with 64 and says what is wrong: %s', async (text, args) => {
    const { code, output } = await run(args);
    expect([code, output.split('\n')[0]]).toEqual([64, expect.stringContaining(text)]);
  });

  it('names every tool, file and credential that is missing, and writes the report all the same', async () => {
    const values = ['--values', join(folder, 'absent.yaml')];
    const args = ['--target', 'helm', ...values, '--report', join(folder, 'missing.json')];
    const { code, output } = await run(args, { env: { PATH: folder } });
    expect(code).toBe(1);
    const { issues, tests } = await readReport('missing.json');
    expect(issues.map(({ step, message }) => [step, message])).toEqual([
      ['prerequisites', expect.stringContaining('helm cannot be used')],
      ['prerequisites', expect.stringContaining('kubectl cannot be used')],
      ['prerequisites', expect.stringContaining('absent.yaml is missing')],
      ['prerequisites', expect.stringContaining('admin, editor, viewer, other-user, other-tenant, expired')],
    ]);
    for (const { message } of issues) expect(output).toContain(message);
    expect(tests.ready_for_demo).toBe(false);
  });

  it('deploys the local mesh, each service a process, and proves it', async () => {
    const { code, output } = await run(['--target', 'local', '--report', join(folder, 'local.json')]);
    const report = await readReport('local.json');
    expect(report.issues).toEqual([]);
    expect([code, output]).toEqual([0, expect.stringContaining('\nREADY FOR DEMO\n')]);
    const kept = await readReport(join('deployments', `${report.deployment_id}.json`));
    expect([report.deployment_id, kept]).toEqual([expect.stringMatching(/^\d{8}-v2$/), report]);
    expect(report).toMatchObject({
      stacks: [{ name: 'local mesh', status: 'running' }],
      services: active,
      database: { initialized: true, schema_version: '1.0', seed_data_loaded: true },
      tests: ready,
    });
    expect(report.database).toMatchObject({ builtin_agents: 12, sample_domains: 1 });
    for (const { runtime, code_size } of report.services) {
      expect([runtime, code_size]).toEqual([`nodejs${process.versions.node}`, expect.any(Number)]);
    }
  });

  it('writes the report also when it is stopped, and leaves nothing running', async () => {
    const args = ['--target', 'local', '--report', join(folder, 'stopped.json')];
    const { code } = await run(args, { stopAt: /starting the services/ });
    expect(code).toBe(1);
    const { issues, tests } = await readReport('stopped.json');
    expect(issues).toContainEqual({ step: 'deploy', message: 'The deployment was interrupted' });
    expect(tests.ready_for_demo).toBe(false);
  });
});

describe('a deployment that is well', () => {
  let mesh: TestMesh;
  let address: string;
  beforeAll(async () => {
    mesh = await startTestMesh();
    address = new URL(mesh.gatewayUrl).host;
  });
  afterAll(() => mesh?.close());

  const given = { deploymentId: '20260301-v1', startedAt: new Date(0), tokens: {}, signal };
  const quiet = { onStep: () => undefined };

  it('as a compose project is ready', async () => {
    const programs = await scriptPrograms(['docker'], composeAnswers(address));
    const target = createComposeTarget({ commands: programs.commands, signal });
    const report = await runDeployment({ ...given, ...quiet, target, issuer: undefined });
    await programs.remove();
    expect(report.issues).toEqual([]);
    expect(report).toMatchObject({
      deployment_id: '20260301-v1',
      timestamp: '1970-01-01T00:00:00.000Z',
      stacks: [{ name: 'domainflow', status: 'running' }],
      services: active.map((service) => ({ ...service, runtime: 'nodejs24.21.0', code_size: 312_456_789 })),
      database: { initialized: true, builtin_agents: 12, sample_domains: 1, left_out: [] },
      tests: ready,
    });
  });
});
