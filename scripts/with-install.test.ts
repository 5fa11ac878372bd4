// The starter installs when it must and once, says so on standard error, and otherwise is not there: same output, code and signals.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const script = fileURLToPath(new URL('with-install.mjs', import.meta.url));
const lock = { packages: { '': {}, 'node_modules/node': { version: process.versions.node } } };

// Installs as npm does: the list of what is there is written last. With `hold` it waits until that file is gone.
const fakeNpm = `
import { appendFileSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
appendFileSync('npm-calls', process.argv.slice(2).join(' ') + '\\n');
console.error('npm began');
while (existsSync('hold')) await new Promise((go) => setTimeout(go, 10));
if (existsSync('fail')) { console.log('npm says no'); process.exit(7); }
mkdirSync('node_modules/node/bin', { recursive: true });
if (!existsSync('node_modules/node/bin/node')) symlinkSync(process.execPath, 'node_modules/node/bin/node');
writeFileSync('node_modules/node/package.json', '{"bin":{"node":"bin/node"}}');
writeFileSync('node_modules/.package-lock.json', ${JSON.stringify(JSON.stringify(lock))});
`;

interface Run {
  readonly child: ChildProcess;
  readonly output: { stdout: string; stderr: string };
  /** Resolves when the text was written to standard error. */
  said(text: string): Promise<void>;
  /** Resolves when the text was written to standard output. */
  printed(text: string): Promise<void>;
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

let root = '';
const children: ChildProcess[] = [];

function start(...args: string[]): Run {
  const child = spawn(process.execPath, ['scripts/with-install.mjs', ...args], {
    cwd: root,
    env: { ...process.env, npm_execpath: join(root, 'fake-npm.mjs') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const output = { stdout: '', stderr: '' };
  const collect = (name: 'stdout' | 'stderr') =>
    child[name]?.on('data', (data) => {
      output[name] += String(data);
    });
  collect('stdout');
  collect('stderr');
  const shows = async (name: 'stdout' | 'stderr', text: string): Promise<void> => {
    while (!output[name].includes(text)) {
      if (child.exitCode !== null) throw new Error(`Ended without "${text}": ${output.stderr}`);
      await Promise.race([once(child[name] ?? child, 'data'), once(child, 'close')]);
    }
  };
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  return {
    child,
    output,
    said: (text) => shows('stderr', text),
    printed: (text) => shows('stdout', text),
    ended,
  };
}

const npmCalls = (): string[] =>
  existsSync(join(root, 'npm-calls')) ? readFileSync(join(root, 'npm-calls'), 'utf8').trim().split('\n') : [];

function leaveLockOfDeadProcess(): void {
  const dead = spawnSync(process.execPath, ['--version']);
  const dir = join(root, '.domainflow', 'install.lock');
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'owner.json'), JSON.stringify({ pid: dead.pid, host: hostname() }));
}

describe('with-install', () => {
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'with-install-'));
    mkdirSync(join(root, 'scripts'));
    cpSync(script, join(root, 'scripts', 'with-install.mjs'));
    writeFileSync(join(root, 'package-lock.json'), JSON.stringify(lock));
    writeFileSync(join(root, 'fake-npm.mjs'), fakeNpm);
    writeFileSync(
      join(root, 'main.ts'),
      'const words: string[] = process.argv.slice(2);\nconsole.log(words.join(" "));\nprocess.exit(Number(words[0] ?? 0));\n',
    );
  });
  afterEach(async () => {
    for (const child of children.splice(0)) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'close');
    }
    rmSync(root, { recursive: true, force: true });
  });

  it('installs what is missing, then runs the file with its arguments and exit code', async () => {
    const run = start('main.ts', '3', 'and more');
    expect(await run.ended).toEqual({ code: 3, signal: null });
    expect(run.output.stdout).toBe('3 and more\n');
    expect(run.output.stderr).toContain('Installing the dependencies with npm ci');
    expect(npmCalls()).toEqual(['ci --include=dev --no-audit --no-fund --loglevel=error']);
  });

  it('says and installs nothing when everything is there', async () => {
    await start('main.ts').ended;
    const again = start('main.ts', '0');
    await again.ended;
    expect(again.output).toEqual({ stdout: '0\n', stderr: '' });
    expect(npmCalls()).toHaveLength(1);
  });

  it('installs again when package-lock.json names another version or the own Node is gone', async () => {
    await start('main.ts').ended;
    rmSync(join(root, 'node_modules', 'node', 'bin', 'node'));
    await start('main.ts').ended;
    expect(npmCalls()).toHaveLength(2);
    const other = { packages: { ...lock.packages, 'node_modules/other': { version: '1.0.0' } } };
    writeFileSync(join(root, 'package-lock.json'), JSON.stringify(other));
    const run = start('main.ts');
    expect((await run.ended).code).toBe(1);
    expect(npmCalls()).toHaveLength(3);
  });

  it('does not ask for packages of other platforms', async () => {
    const optional = { version: '1.0.0', optional: true };
    writeFileSync(
      join(root, 'package-lock.json'),
      JSON.stringify({ packages: { ...lock.packages, 'node_modules/other-platform': optional } }),
    );
    expect((await start('main.ts').ended).code).toBe(0);
  });

  it('installs once when two start at the same time', async () => {
    writeFileSync(join(root, 'hold'), '');
    const first = start('main.ts');
    await first.said('Installing');
    const second = start('main.ts');
    await second.said(`Process ${first.child.pid} is installing`);
    rmSync(join(root, 'hold'));
    expect((await Promise.all([first.ended, second.ended])).map(({ code }) => code)).toEqual([0, 0]);
    expect(npmCalls()).toHaveLength(1);
  });

  it('recovers the lock of a dead process once, however many start', async () => {
    leaveLockOfDeadProcess();
    const runs = [start('main.ts'), start('main.ts'), start('main.ts')];
    expect((await Promise.all(runs.map(({ ended }) => ended))).map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(npmCalls()).toHaveLength(1);
    expect(readdirSync(join(root, '.domainflow'))).toEqual([]);
  });

  it('fails plainly when npm fails, and the next start tries again', async () => {
    writeFileSync(join(root, 'fail'), '');
    const run = start('main.ts');
    expect((await run.ended).code).toBe(1);
    expect(run.output.stdout).toBe('');
    expect(run.output.stderr).toContain('npm says no');
    expect(run.output.stderr).toContain('The installation failed: npm ci ended with exit code 7.');
    rmSync(join(root, 'fail'));
    expect((await start('main.ts').ended).code).toBe(0);
  });

  it('gives the lock back when it is stopped while installing', async () => {
    writeFileSync(join(root, 'hold'), '');
    const run = start('main.ts');
    await run.said('npm began');
    run.child.kill('SIGTERM');
    expect((await run.ended).code).toBe(1);
    expect(readdirSync(join(root, '.domainflow'))).toEqual([]);
  });

  it('hands signals on and ends as its child does', async () => {
    writeFileSync(
      join(root, 'main.ts'),
      'process.on("SIGTERM", () => { console.log("closing"); process.exit(5); });\nsetInterval(() => {}, 1000);\nconsole.log("up");\n',
    );
    const polite = start('main.ts');
    await polite.printed('up');
    polite.child.kill('SIGTERM');
    expect(await polite.ended).toEqual({ code: 5, signal: null });
    expect(polite.output.stdout).toBe('up\nclosing\n');
    const killed = start('main.ts');
    await killed.printed('up');
    killed.child.kill('SIGINT');
    expect(await killed.ended).toEqual({ code: null, signal: 'SIGINT' });
  });

  it('is not confused by a node_modules that somebody copied from elsewhere', async () => {
    await start('main.ts').ended;
    rmSync(join(root, 'node_modules', 'node', 'bin', 'node'));
    symlinkSync('/bin/false', join(root, 'node_modules', 'node', 'bin', 'node'));
    const run = start('main.ts');
    await run.ended;
    expect(run.output.stderr).toContain('does not run on this machine');
  });
});
