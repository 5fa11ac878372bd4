// The suite as a command: used wrongly, against a deployment that breaks one promise, and stopped half-way.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { startTestMesh, type TestMesh } from '../test/e2e/test-mesh.ts';
import { categories } from './acceptance/catalogue.ts';
import { provenBy } from './acceptance/proven-by-tests.ts';

jest.setTimeout(60_000);

const root = join(import.meta.dirname, '..');

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(
  args: readonly string[],
  file = 'acceptance.ts',
): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const command = ['--no-warnings', join(root, 'scripts', file), ...args];
  const { FORCE_COLOR: _, ...env } = process.env;
  const child = spawn(process.execPath, command, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const told = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    told.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    told.stderr += text;
  });
  return { child, ended: once(child, 'close').then(([code]) => ({ code, ...told })) };
}

const run = (...args: readonly string[]): Promise<Ended> => start(args).ended;

describe('the command', () => {
  it.each([
    ['--mode', ['--mode', 'remote']],
    ['--url', ['--url', 'ftp://somewhere']],
    ['--url', ['--token', 'admin=x']],
    ['--token', ['--url', 'http://127.0.0.1:1', '--token', 'king=x']],
    ['--token', ['--url', 'http://127.0.0.1:1', '--token', 'admin=x']],
    ['--only', ['--only', 'nothing-7']],
    ['--fast', ['--fast']],
  ])('ends with 64 and names %s when that is wrong: %j', async (option, args) => {
    const { code, stderr, stdout } = await run(...args);
    expect([code, stdout]).toEqual([64, '']);
    expect(stderr.split('\n')[0]).toContain(option);
    expect(stderr).toContain('Usage: npm run acceptance');
  });

  it('without a checkout wants the address of a deployment', async () => {
    const { code, stderr } = await start([], 'acceptance/deployed.ts').ended;
    expect([code, stderr.split('\n')[0]]).toEqual([64, expect.stringContaining('--url is missing')]);
  });

  it('lists every test of the mode with how it is proved', async () => {
    const { code, stdout } = await run('--list', '--mode', 'deployed');
    expect(code).toBe(0);
    const ids = [...stdout.matchAll(/^ {2}(\S+)/gm)].map(([, id]) => id);
    const deployed = categories.filter(({ isDeployed }) => isDeployed).flatMap(({ tests }) => tests);
    expect(ids).toEqual(deployed.map(({ id }) => id));
  });
});

describe('the catalogue', () => {
  it('has every row that its page lists, in the same words of its ids, and no other', async () => {
    const page = await readFile(join(root, 'scripts', 'acceptance', 'README.md'), 'utf8');
    const table = page.split('\n').filter((line) => line.startsWith('|'));
    const listed = [...table.join().matchAll(/`([a-z]+-\d+)`/g)].map(([, id]) => id);
    const ids = categories.flatMap(({ tests }) => tests.map(({ id }) => id));
    expect(listed).toEqual(ids);
    expect(new Set(ids).size).toBe(121);
  });

  it('names files of tests that are there', () => {
    const files = Object.values(provenBy).flat();
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
    const rows = categories.flatMap(({ tests }) => tests.filter((test) => test.files).map(({ id }) => id));
    expect(Object.keys(provenBy).toSorted()).toEqual(rows.toSorted());
  });
});

/** Hands everything on to the gateway, but says that an id which is taken was created. */
function startBrokenProxy(gatewayUrl: string): Promise<Server> {
  const server = createServer((request, response) => {
    const { method, url = '/', headers } = request;
    const passed = httpRequest(gatewayUrl + url, { method, headers }, (answer) => {
      const isBroken = method === 'POST' && url === '/api/v1/domains' && answer.statusCode === 409;
      response.writeHead(isBroken ? 201 : (answer.statusCode ?? 500), answer.headers);
      answer.pipe(response);
    });
    passed.on('error', () => response.destroy());
    request.pipe(passed);
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

describe('a deployment', () => {
  let mesh: TestMesh;
  let proxy: Server;
  let folder: string;
  let url: string;
  beforeAll(async () => {
    mesh = await startTestMesh();
    proxy = await startBrokenProxy(mesh.gatewayUrl);
    url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    folder = await mkdtemp(join(tmpdir(), 'domainflow-acceptance-'));
  });
  afterAll(async () => {
    proxy?.closeAllConnections();
    proxy?.close();
    await mesh?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const there = () => ['--url', url, '--issuer', url, '--json', join(folder, 'result.json')];
  const result = async () => JSON.parse(await readFile(join(folder, 'result.json'), 'utf8'));

  /** Everything in the lists of the suite's users that is not the platform's. */
  async function left(): Promise<readonly string[]> {
    const api = await mesh.as('acceptance', 'acceptance-editor', ['editor']);
    const admin = await mesh.as('acceptance', 'acceptance-admin');
    const agents = await Array.fromAsync(api.pages('/api/v1/agents', { query: { limit: 100 } }));
    const domains = await Array.fromAsync(api.pages('/api/v1/domains', { query: { limit: 100 } }));
    const reports = await Array.fromAsync(api.pages('/api/v1/reports', { query: { limit: 100 } }));
    const sessions = await Array.fromAsync(api.pages('/api/v1/sessions', { query: { limit: 100 } }));
    const queries = await Array.fromAsync(api.pages('/api/v1/queries', { query: { limit: 100 } }));
    const { agents: workers } = await admin.get('/api/v2/agents');
    return [
      ...agents.filter(({ is_inbuilt }) => !is_inbuilt).map(({ agent_id }) => agent_id),
      ...domains
        .filter(({ domain_id }) => domain_id !== 'civic_complaints')
        .map(({ domain_id }) => domain_id),
      ...reports.map(({ incident_id }) => incident_id),
      ...sessions.map(({ session_id }) => session_id),
      ...queries.map(({ query_id }) => query_id),
      ...workers.filter(({ is_active }) => is_active).map(({ id }) => id),
    ];
  }

  it('that breaks one promise is not ready, is told which, and is left as it was', async () => {
    const { code, stdout, stderr } = await run(...there(), '--junit', join(folder, 'result.xml'));
    expect(stderr).toBe('');
    expect(code).toBe(1);
    expect(stdout).toMatch(/FAIL domain-7 .*\n.*409/);
    expect(stdout).toMatch(/NOT READY\n {2}domain-7 [^\n]*\n$/);
    expect(stdout).not.toContain('READY FOR DEMO');
    const { total, passed, failed, pass_rate, ready_for_demo, results } = await result();
    expect({ total, passed, failed, pass_rate, ready_for_demo }).toEqual({
      ...{ total: 42, passed: 41, failed: 1, pass_rate: 97.6, ready_for_demo: false },
    });
    const broken = results.find(({ test }: { readonly test: string }) => test === 'domain-7');
    expect(broken.logs.at(-1)).toMatch(/^POST \/api\/v1\/domains 201 trace [0-9a-f]{32}$/);
    expect(await readFile(join(folder, 'result.xml'), 'utf8')).toContain('<failure message="');
    expect(await left()).toEqual([]);
  });

  it('is left as it was when the run is stopped half-way', async () => {
    const { child, ended } = start([
      ...there(),
      '--only',
      'agents',
      '--only',
      'queries',
      '--only',
      'reports',
    ]);
    child.stdout?.on('data', (text: string) => {
      if (text.includes('report-3')) child.kill('SIGINT');
    });
    const { code, stdout } = await ended;
    expect(code).toBe(1);
    expect(stdout).toMatch(/skip query-6/);
    const { results } = await result();
    const statuses = new Set(results.map(({ status }: { readonly status: string }) => status));
    expect(statuses).toEqual(new Set(['passed', 'skipped']));
    expect(await left()).toEqual([]);
  });
});
