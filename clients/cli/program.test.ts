// The tree of commands helps who uses it: everything is described, and what is wrong ends with 2.

import { expect, it } from '@jest/globals';
import type { Command } from 'commander';
import { readCliConfig } from './config.ts';
import { createProgram } from './program.ts';
import { runCommandLine } from './run.ts';

function place() {
  const texts = { stdout: '', stderr: '' };
  const screen = (name: 'stdout' | 'stderr') => ({
    write: (text: string | Uint8Array) => {
      texts[name] += text;
    },
  });
  const stdin = (async function* () {})();
  const { signal } = new AbortController();
  const config = readCliConfig({ XDG_CONFIG_HOME: '/nowhere' }, 'linux');
  return {
    texts,
    surroundings: { config, stdin, stdout: screen('stdout'), stderr: screen('stderr'), signal },
  };
}

function everyCommand(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}

it('describes every command, argument and option', () => {
  const bare = everyCommand(createProgram(place().surroundings, '1')).flatMap((command) => [
    ...(command.description() === '' ? [command.name()] : []),
    ...command.registeredArguments.filter(({ description }) => description === '').map((each) => each.name()),
    ...command.options.filter(({ description }) => description === '').map(({ flags }) => flags),
  ]);
  expect(bare).toEqual([]);
});

it.each([
  [['--help'], 0, /Usage: domainflow/, /^$/],
  [['--version'], 0, /^1\.2\.3\n$/, /^$/],
  [['completion', 'bash'], 0, /_domainflow\(\)/, /^$/],
  [['executions', 'rerun', '--help'], 0, /Global Options:\n[\s\S]*--json/, /^$/],
  [['reports'], 2, /^$/, /submit/],
  [['tolken'], 2, /^$/, /Did you mean token\?/],
  [['audit', '-n', '0'], 2, /^$/, /must be a whole number from 1/],
  [['login', '--url', 'http://127.0.0.1:9'], 2, /^$/, /login takes one of/],
  [['teams', 'update', 'id'], 2, /^$/, /takes --name, --member or --no-member/],
  [
    ['data', 'geo', '-d', 'x', '--near', '1,2', '--bounds', '-1,2,3,4'],
    2,
    /^$/,
    /one of --bounds and --near/,
  ],
  [['data', 'geo', '-d', 'x', '--radius', '2'], 2, /^$/, /--radius belongs to --near/],
  [['data', 'geo', '-d', 'x', '--clusters', '21'], 2, /^$/, /from 0 to 20/],
  [['tasks', 'list', '--status', 'gone'], 2, /^$/, /Allowed choices are pending, running/],
  [['workers', 'activate'], 2, /^$/, /missing required argument 'worker'/],
  [['workflows', 'create'], 2, /^$/, /--file <file>/],
  [['data', 'aggregated', '-d', 'x'], 2, /^$/, /takes --by with a path, or --every/],
  [['data', 'aggregated', '-d', 'x', '--by', 'status', '--time', 'event'], 2, /^$/, /belong to --every/],
  [['executions', 'rerun', 'job_1', '--task', 'a'], 2, /^$/, /--mode from and --task belong together/],
])('%j ends with %d', async (args, status, stdout, stderr) => {
  const { texts, surroundings } = place();
  expect(await runCommandLine(surroundings, { args, version: '1.2.3' })).toBe(status);
  expect(texts.stdout).toMatch(stdout);
  expect(texts.stderr).toMatch(stderr);
});
