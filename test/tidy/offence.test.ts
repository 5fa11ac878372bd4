// The message of a failed rule lists every offender under what to do.
import { expect, it } from '@jest/globals';
import { describeOffences } from './offence.ts';

it('lists offenders by path and line', () => {
  const at = (path: string, line: number) => ({ path, line, problem: 'is odd' });
  expect(describeOffences('Make it even.', [at('b.ts', 1), at('a.ts', 10), at('a.ts', 2)])).toBe(
    'Make it even.\n  a.ts:2 is odd\n  a.ts:10 is odd\n  b.ts:1 is odd',
  );
});
