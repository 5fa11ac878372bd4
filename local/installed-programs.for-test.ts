// Tests that need a program which may not be installed. Where it is absent they are reported as left out, by name.
import { spawnSync } from 'node:child_process';
import { describe } from '@jest/globals';

/** For tests that need Python 3. */
export const describeOnPython = describeWith('Python 3', [
  'python3',
  '-c',
  'import sys; sys.exit(sys.version_info < (3, 9))',
]);

/** For tests that need a Redis server. */
export const describeOnRedis = describeWith('redis-server', ['redis-server', '--version']);

function describeWith(what: string, [program = '', ...args]: readonly string[]): typeof describe.skip {
  if (spawnSync(program, args).status === 0) return describe;
  process.stderr.write(`Tests that need ${what} are left out: it is not installed\n`);
  return describe.skip;
}
