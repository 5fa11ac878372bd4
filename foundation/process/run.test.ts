// The life of real child processes: how they start, what they tell their parent, and how they end.

import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import { startMessageOf } from './parent.ts';

interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

const opened: { child: ChildProcess; folder: string }[] = [];

function programOf(start: string): { folder: string; file: string } {
  const folder = mkdtempSync(join(tmpdir(), 'run-'));
  const file = join(folder, 'main.mjs');
  const foundation = new URL('../', import.meta.url).href;
  writeFileSync(
    file,
    `import { runProcess } from '${foundation}process/run.ts';
     import { readConfig } from '${foundation}config/reader.ts';
     setInterval(() => {}, 1_000);
     runProcess({ name: 'example', start: async ({ closing, signal }) => { ${start} } });`,
  );
  return { folder, file };
}

function run(
  start: string,
  how: 'alone' | 'under a parent' = 'alone',
): { child: ChildProcess; ended: Promise<Ending> } {
  const { folder, file } = programOf(start);
  const child =
    how === 'alone'
      ? spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'pipe'] })
      : fork(file, { execPath: process.execPath, execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  opened.push({ child, folder });
  // Not 'close', which a child never emits whose channel the parent has closed.
  const ended = Promise.all([once(child, 'exit'), textOf(child.stdout), textOf(child.stderr)]).then(
    ([[code, signal], stdout, stderr]) => ({ code, signal, stdout, stderr }),
  );
  return { child, ended };
}

async function textOf(stream: Readable | null): Promise<string> {
  return stream ? text(stream) : '';
}

const up = `closing.add('first', () => console.log('first closed'));
            closing.add('second', () => console.log('second closed'));
            console.log('up');`;

describe('a process', () => {
  afterEach(async () => {
    for (const { child, folder } of opened.splice(0)) {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'closes in reverse order on %s and exits with 0',
    async (signal) => {
      const { child, ended } = run(up);
      await once(child.stdout ?? child, 'data');
      child.kill(signal);
      expect(await ended).toMatchObject({ code: 0, stdout: 'up\nsecond closed\nfirst closed\n' });
    },
  );

  it('takes the same signal delivered twice for one', async () => {
    const { child, ended } = run(`closing.add('slow', () => new Promise((go) => setImmediate(go))); ${up}`);
    await once(child.stdout ?? child, 'data');
    child.kill('SIGINT');
    child.kill('SIGINT');
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 0 });
  });

  it('exits at once on a later signal', async () => {
    const { child, ended } = run(
      `closing.add('hangs', () => new Promise(() => {}), { timeoutMs: 60_000 }); console.log('up');`,
    );
    await once(child.stdout ?? child, 'data');
    child.kill('SIGTERM');
    const again = setInterval(() => child.kill('SIGTERM'), 100);
    const ending = await ended;
    clearInterval(again);
    expect(ending.code).toBe(143);
  });

  it('exits with 1 when a step of closing fails, after the other steps', async () => {
    const { child, ended } = run(`${up} closing.add('fails', () => Promise.reject(new Error('no')));`);
    await once(child.stdout ?? child, 'data');
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 1, stdout: expect.stringContaining('first closed') });
  });

  it.each([
    ['an uncaught exception', `setImmediate(() => { throw new Error('bug'); });`],
    ['an unhandled rejection', `void Promise.reject(new Error('bug'));`],
  ])('closes and exits with 1 after %s', async (_, bug) => {
    const { ended } = run(`${up} ${bug}`);
    const ending = await ended;
    expect(ending).toMatchObject({ code: 1, stdout: expect.stringContaining('first closed') });
    expect(ending.stderr).toContain('Uncaught error');
  });

  it('says plainly what is wrong with its configuration and exits with 78', async () => {
    const { ended } = run(`readConfig({}, (read) => read.text('EXAMPLE_NAME'));`);
    const ending = await ended;
    expect(ending.code).toBe(78);
    expect(ending.stderr).toContain('example could not start');
    expect(ending.stderr).toContain('EXAMPLE_NAME');
    expect(ending.stderr).not.toContain('    at ');
  });

  it('closes what a failed start had opened', async () => {
    const { ended } = run(`${up} throw new Error('no port');`);
    expect(await ended).toMatchObject({ code: 1, stdout: 'up\nsecond closed\nfirst closed\n' });
  });

  it('stopped during its start waits for it and then closes what it opened', async () => {
    const { child, ended } = run(
      `console.log('starting');
       await new Promise((go) => signal.addEventListener('abort', go));
       closing.add('late', () => console.log('late closed'));`,
    );
    await once(child.stdout ?? child, 'data');
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 0, stdout: 'starting\nlate closed\n' });
  });

  describe('under a parent', () => {
    it('says that it is ready, with what it tells about itself', async () => {
      const { child, ended } = run(`${up} return { port: 4321 };`, 'under a parent');
      const [message] = await once(child, 'message');
      expect(startMessageOf(message)).toEqual({ ready: true, port: 4321 });
      child.kill('SIGTERM');
      expect(await ended).toMatchObject({ code: 0 });
    });

    it('says why it could not start', async () => {
      const { child, ended } = run(`throw new Error('no port');`, 'under a parent');
      const [message] = await once(child, 'message');
      expect(startMessageOf(message)).toEqual({ ready: false, problem: expect.stringContaining('no port') });
      expect((await ended).code).toBe(1);
    });

    it('closes and ends when the parent lets go', async () => {
      const { child, ended } = run(up, 'under a parent');
      await once(child, 'message');
      child.disconnect();
      expect(await ended).toMatchObject({ code: 0, stdout: expect.stringContaining('first closed') });
    });

    it('leaves Ctrl-C to the parent', async () => {
      const { child, ended } = run(
        `${up} process.on('SIGINT', () => console.log('SIGINT seen'));`,
        'under a parent',
      );
      await once(child, 'message');
      const seen = once(child.stdout ?? child, 'data');
      child.kill('SIGINT');
      await seen;
      child.kill('SIGTERM');
      expect((await ended).code).toBe(0);
    });
  });

  it('reads only messages about a start as such', () => {
    for (const other of [null, 'ready', 7, {}, { ready: 'yes' }, { ready: false }]) {
      expect(startMessageOf(other)).toBeUndefined();
    }
  });
});
