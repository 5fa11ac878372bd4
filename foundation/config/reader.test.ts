// Settings are read whole or not at all, and no message gives a secret away.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConfigError, readConfig } from './reader.ts';

function problemsOf(run: () => unknown): readonly string[] {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('readConfig', () => {
  it('answers typed values', () => {
    const env = {
      PORT: '0',
      URL: 'postgresql://a:b@h/d',
      NAMES: ' a, b,,c ',
      ON: 'Yes',
      COUNT: '-3',
      MODE: 'fast',
      LIMITS: '{"a":1}',
    };
    const config = readConfig(env, (read) => ({
      port: read.port('PORT'),
      url: read.url('URL', { protocols: ['postgresql:'] }),
      names: read.list('NAMES'),
      on: read.flag('ON'),
      count: read.integer('COUNT', { min: -5, max: 5 }),
      mode: read.oneOf('MODE', ['fast', 'slow']),
      limits: read.json('LIMITS', { expected: 'an object', parse: (value) => value as { a: number } }),
    }));
    expect(config).toEqual({
      port: 0,
      url: 'postgresql://a:b@h/d',
      names: ['a', 'b', 'c'],
      on: true,
      count: -3,
      mode: 'fast',
      limits: { a: 1 },
    });
  });

  it('names every problem at once', () => {
    const env = { PORT: '70000', COUNT: '3.5', MODE: 'odd', ON: 'perhaps', NAMES: ' , ' };
    const problems = problemsOf(() =>
      readConfig(env, (read) => ({
        port: read.port('PORT'),
        count: read.integer('COUNT', { min: 1, max: 9 }),
        mode: read.oneOf('MODE', ['fast', 'slow']),
        on: read.flag('ON'),
        names: read.list('NAMES'),
        missing: read.text('MISSING'),
      })),
    );
    expect(problems).toEqual([
      'PORT must be an integer from 0 to 65535, not "70000"',
      'COUNT must be an integer from 1 to 9, not "3.5"',
      'MODE must be one of fast, slow, not "odd"',
      'ON must be true or false, not "perhaps"',
      'NAMES must be a comma-separated list, not " , "',
      'MISSING is required: it must be text of 1 to 65536 characters',
    ]);
  });

  it('takes an empty text for an absent one', () => {
    const config = readConfig({ PORT: '', NAME: '' }, (read) => ({
      port: read.port('PORT', { default: 8080 }),
      name: read.optional.text('NAME'),
    }));
    expect(config).toEqual({ port: 8080, name: undefined });
    expect(problemsOf(() => readConfig({ KEY: '' }, (read) => read.text('KEY')))).toHaveLength(1);
  });

  it('notes a wrong value even where a default or absence is allowed', () => {
    const problems = problemsOf(() =>
      readConfig({ PORT: 'x', COUNT: 'y' }, (read) => [
        read.port('PORT', { default: 1 }),
        read.optional.integer('COUNT'),
      ]),
    );
    expect(problems).toHaveLength(2);
  });

  it('repeats no secret, no URL and no JSON', () => {
    const env = {
      KEY: 'hunter2',
      URL: 'hunter2',
      JSON_KEY: '{"password":"hunter2"}',
      OPTIONAL_KEY: 'hunter2',
    };
    const problems = problemsOf(() =>
      readConfig(env, (read) => [
        read.text('KEY', { lengthMin: 32, secret: true }),
        read.url('URL'),
        read.json('JSON_KEY', { expected: 'a list', parse: () => undefined }),
        read.optional.text('OPTIONAL_KEY', { lengthMin: 32, secret: true }),
      ]),
    );
    expect(problems).toHaveLength(4);
    expect(problems.join()).not.toContain('hunter2');
  });

  it('reports the problems when the build trips over a placeholder, and else lets its error through', () => {
    expect(problemsOf(() => readConfig({}, (read) => read.text('NAME').toUpperCase()))).toEqual([
      'NAME is required: it must be text of 1 to 65536 characters',
    ]);
    const broken = (): never => {
      throw new RangeError('broken');
    };
    expect(() => readConfig({}, broken)).toThrow(RangeError);
  });

  it('reports problems between settings together with those of each', () => {
    const problems = problemsOf(() =>
      readConfig({ LOW: '5', HIGH: '3', EMPTY: '' }, (read) => {
        if (read.given('LOW') && !read.given('EMPTY')) read.problem('LOW must not be above HIGH');
        return read.text('NAME');
      }),
    );
    expect(problems).toEqual([
      'LOW must not be above HIGH',
      'NAME is required: it must be text of 1 to 65536 characters',
    ]);
  });

  it('freezes what it answers to the leaves', () => {
    const config = readConfig({ NAMES: 'a' }, (read) => ({ inner: { names: read.list('NAMES') } }));
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.inner)).toBe(true);
    expect(Object.isFrozen(config.inner.names)).toBe(true);
  });

  describe('of a setting that may stand in a file', () => {
    const key = (env: Record<string, string>) =>
      readConfig(env, (read) => ({ key: read.text('KEY', { lengthMin: 4, secret: true, orFile: true }) }));
    let folder: string;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'reader-'));
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    it('answers what the file holds, without the line break at its end', async () => {
      const path = join(folder, 'key');
      await writeFile(path, ' in a file\n');
      expect(key({ KEY_FILE: path })).toEqual({ key: ' in a file' });
      expect(key({ KEY: 'at once', KEY_FILE: '' })).toEqual({ key: 'at once' });
    });

    it('takes one of both alone', async () => {
      const path = join(folder, 'other');
      await writeFile(path, 'in a file');
      const problems = problemsOf(() => key({ KEY: 'at once', KEY_FILE: path }));
      expect(problems).toEqual(['KEY and KEY_FILE each say the same: set one of them']);
    });

    it('names the file that cannot be read, is empty or holds something wrong, and shows nothing of it', async () => {
      const [none, empty, short] = ['none', 'empty', 'short'].map((name) => join(folder, name));
      await writeFile(String(empty), '\n');
      await writeFile(String(short), 'abc');
      expect(problemsOf(() => key({ KEY_FILE: String(none) }))).toEqual([
        `KEY_FILE: the file ${none} cannot be read`,
      ]);
      expect(problemsOf(() => key({ KEY_FILE: String(empty) }))).toEqual([
        `KEY_FILE: the file ${empty} is empty`,
      ]);
      expect(problemsOf(() => key({ KEY_FILE: String(short) }))).toEqual([
        'KEY must be text of 4 to 65536 characters',
      ]);
    });

    it('says so where it is missing, and reads no file for other settings', () => {
      expect(problemsOf(() => key({}))).toEqual([
        'KEY is required: it must be text of 4 to 65536 characters, or KEY_FILE the path of a file that holds it',
      ]);
      const plain = (env: Record<string, string>) => readConfig(env, (read) => read.optional.text('KEY'));
      expect(plain({ KEY_FILE: import.meta.filename })).toBe(undefined);
    });
  });
});
