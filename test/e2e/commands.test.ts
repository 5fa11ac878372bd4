// The commands as a person types them: what they print, what they leave behind, and how they say no.
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createClient } from '../../clients/api/api-client.ts';
import {
  descendantsOf,
  type MeshCommand,
  pidOfService,
  startMeshCommand,
  stillRunning,
} from './mesh-command.ts';

jest.setTimeout(60_000);

let dataDir: string;
let started: MeshCommand[];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'domainflow-commands-'));
  started = [];
});

afterEach(async () => {
  for (const command of started) command.signalGroup('SIGKILL');
  await Promise.all(started.map(({ exited }) => exited));
  await rm(dataDir, { recursive: true, force: true });
});

function run(file: string, args: readonly string[] = [], env: Record<string, string> = {}): MeshCommand {
  const command = startMeshCommand({ file, args, env: { DATA_DIR: dataDir, ...env } });
  started.push(command);
  return command;
}

const ready = /ready after [\d.]+ s at (http:\/\/127\.0\.0\.1:\d+)/;

describe('npm run token', () => {
  it('prints a token and nothing else, and any mesh of the checkout takes it', async () => {
    const token = run('token.ts', ['--tenant', 'acme', '--user', 'alice', '--roles', 'admin']);
    expect(await token.exited).toBe(0);
    expect(token.output()).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const [, payload = ''] = token.output().split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    expect(`${claims.iss} ${claims.aud}`).not.toMatch(/:\d/);

    const mesh = run('start.ts', ['--ephemeral']);
    const [, gatewayUrl = ''] = await mesh.sees(ready);
    const api = createClient({ baseUrl: gatewayUrl, credential: token.output().trim() });
    expect((await api.get('/api/v1/reports')).reports).toEqual([]);
    mesh.signalGroup('SIGINT');
    expect(await mesh.exited).toBe(0);
  });

  it.each([
    ['no user', ['--tenant', 'acme'], '--user is required'],
    ['an unknown role', ['--tenant', 'a', '--user', 'b', '--roles', 'boss'], '"boss"'],
    ['an unknown option', ['--tenent', 'a'], "Unknown option '--tenent'"],
    ['a lifetime without a unit', ['--tenant', 'a', '--user', 'b', '--lifetime', '12'], '"12"'],
  ])('names the mistake and shows its usage: %s', async (_name, args, mistake) => {
    const token = run('token.ts', args);
    expect(await token.exited).toBe(2);
    expect(token.output()).toContain(mistake);
    expect(token.output()).toContain('Usage: npm run -s token');
  });
});

describe('npm start', () => {
  it('leaves no process behind after Ctrl-C', async () => {
    const mesh = run('start.ts', ['--processes']);
    const [, gatewayUrl] = await mesh.sees(ready);
    expect((await fetch(`${gatewayUrl}/health/ready`)).status).toBe(200);
    const below = await descendantsOf(mesh.pid);
    expect(below.length).toBeGreaterThan(6);
    mesh.signalGroup('SIGINT');
    expect(await mesh.exited).toBe(0);
    expect(await stillRunning(below)).toEqual([]);
  });

  it('can be stopped while it starts', async () => {
    const mesh = run('start.ts');
    await mesh.sees(/preparing the databases/);
    const below = await descendantsOf(mesh.pid);
    mesh.signalGroup('SIGINT');
    expect(await mesh.exited).toBe(0);
    expect(await stillRunning(below)).toEqual([]);
  });

  it('keeps its data from start to start, and lets no second mesh at it', async () => {
    const settings = { places: [], time_zone: 'Europe/Madrid' };
    const first = run('start.ts');
    const [, firstUrl = ''] = await first.sees(ready);
    const [, token = ''] = await first.sees(/export TOKEN=(\S+)/);
    const before = createClient({ baseUrl: firstUrl, credential: token });
    await before.put('/api/v1/tenant/settings', { body: settings });
    const intruder = run('start.ts');
    expect(await intruder.exited).toBe(1);
    expect(intruder.output()).toMatch(/is in use.*DATA_DIR=/);
    expect(intruder.output()).not.toContain('    at ');
    first.signalGroup('SIGTERM');
    expect(await first.exited).toBe(0);

    const second = run('start.ts');
    const [, gatewayUrl = ''] = await second.sees(ready);
    const after = createClient({ baseUrl: gatewayUrl, credential: token });
    expect(await after.get('/api/v1/tenant/settings')).toMatchObject(settings);
    second.signalGroup('SIGINT');
    expect(await second.exited).toBe(0);
  });

  it('stops with an error when one of its services dies', async () => {
    const mesh = run('start.ts', ['--processes']);
    await mesh.sees(ready);
    const below = await descendantsOf(mesh.pid);
    const service = await pidOfService(below, 'sessions');
    process.kill(service, 'SIGKILL');
    expect(await mesh.exited).toBe(1);
    expect(mesh.output()).toMatch(
      /The service sessions has ended by itself \(by SIGKILL\); see \S+sessions\.log/,
    );
    expect(await stillRunning(below)).toEqual([]);
  });

  it('names a port in use and how to choose another', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const mesh = run('start.ts', [], { PORT: String(port) });
    expect(await mesh.exited).toBe(1);
    expect(mesh.output()).toContain(`Port ${port} is in use`);
    expect(mesh.output()).toContain('PORT=');
    expect(mesh.output()).not.toContain('    at ');
    server.close();
  });

  it.each([
    ['an unknown option', ['--ephemeraly'], {}, "Unknown option '--ephemeraly'"],
    ['a word', ['now'], {}, "Unexpected argument 'now'"],
    ['a port that is none', [], { PORT: 'http' }, 'PORT must be a number'],
  ])('shows its usage: %s', async (_name, args, env, mistake) => {
    const mesh = run('start.ts', args, env);
    expect(await mesh.exited).toBe(2);
    expect(mesh.output()).toContain(mistake);
    expect(mesh.output()).toContain('Usage: npm start');
  });
});
