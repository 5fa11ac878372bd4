// An operator reads sentences; a stack trace means a bug, and a secret is never shown.
import { describe, expect, it } from '@jest/globals';
import { ConfigError } from '../config/reader.ts';
import { Fault, invalidArgument } from '../fault/fault.ts';
import { configExitCode, describeStartProblem, startExitCode } from './start-problem.ts';

describe('a start problem', () => {
  it('of the configuration is every problem without a stack trace', () => {
    const error = new ConfigError(['PORT must be a number', 'DATABASE_URL is required']);
    const text = describeStartProblem('registry', error);
    expect(text).toContain('PORT must be a number');
    expect(text).toContain('DATABASE_URL is required');
    expect(text).not.toContain('    at ');
    expect(startExitCode(error)).toBe(configExitCode);
  });

  it('of a dependency tells the causes below', () => {
    const refused = new AggregateError([new Error('connect ECONNREFUSED 127.0.0.1:5432')]);
    const error = new Fault('unavailable', 'PostgreSQL is not reachable', { cause: refused });
    expect(describeStartProblem('registry', error)).toBe(
      'registry could not start: PostgreSQL is not reachable\n  because: connect ECONNREFUSED 127.0.0.1:5432',
    );
    expect(startExitCode(error)).toBe(1);
  });

  it('with several violations lists them', () => {
    const error = invalidArgument([
      { field: 'a', reason: 'is wrong' },
      { field: 'b', reason: 'is missing' },
    ]);
    expect(describeStartProblem('registry', error).split('\n').slice(1)).toEqual([
      '  a: is wrong',
      '  b: is missing',
    ]);
  });

  it('of a module that is missing tells its name, where it was looked for, and the stack', () => {
    const error = Object.assign(new Error("Cannot find package 'pg' imported from /app/services/a.ts"), {
      code: 'ERR_MODULE_NOT_FOUND',
    });
    const text = describeStartProblem('registry', error);
    expect(text).toContain(
      'pg was looked for in: /app/services/node_modules, /app/node_modules, /node_modules\n',
    );
    expect(text).toContain('    at ');
  });

  it('of the system has no stack trace, a bug has one', () => {
    const taken = Object.assign(new Error('listen EADDRINUSE: address already in use'), {
      code: 'EADDRINUSE',
    });
    expect(describeStartProblem('registry', taken)).not.toContain('    at ');
    expect(describeStartProblem('registry', new TypeError('x is undefined'))).toContain('    at ');
  });

  it('shows no password', () => {
    expect(describeStartProblem('registry', new Error('postgres://app:hunter2@db'))).not.toContain('hunter2');
  });
});
