// The settings of the object store: what may be left out, and what must not be left to chance.
import { describe, expect, it } from '@jest/globals';
import { ConfigError, type Environment, readConfig } from '../../foundation/config/reader.ts';
import { readObjectsConfig } from './config.ts';

const keys = { OBJECTS_ACCESS_KEY_ID: 'id', OBJECTS_SECRET_ACCESS_KEY: 'secret-of-the-store' };
const local = { OBJECTS_BUCKET: 'images', OBJECTS_ENDPOINT: 'http://127.0.0.1:9000', ...keys };

function problemsOf(env: Environment): readonly string[] {
  try {
    readConfig(env, readObjectsConfig);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('the settings of the object store', () => {
  it('are a bucket alone on AWS', () => {
    const env = { OBJECTS_BUCKET: 'images', AWS_REGION: 'eu-west-1' };
    expect(readConfig(env, readObjectsConfig)).toEqual({
      bucket: 'images',
      endpoint: undefined,
      publicEndpoint: 'https://s3.eu-west-1.amazonaws.com',
      credentials: undefined,
    });
  });

  it('take another store, and another address of it for clients', () => {
    const OBJECTS_PUBLIC_ENDPOINT = 'https://images.example/';
    expect(readConfig({ ...local, OBJECTS_PUBLIC_ENDPOINT }, readObjectsConfig)).toEqual({
      bucket: 'images',
      endpoint: 'http://127.0.0.1:9000',
      publicEndpoint: 'https://images.example',
      credentials: { accessKeyId: 'id', secretAccessKey: 'secret-of-the-store' },
    });
    expect(readConfig(local, readObjectsConfig).publicEndpoint).toBe('http://127.0.0.1:9000');
  });

  it.each([
    ['OBJECTS_ENDPOINT', { OBJECTS_BUCKET: 'images', OBJECTS_ENDPOINT: 'http://127.0.0.1:9000' }],
    ['OBJECTS_PUBLIC_ENDPOINT', { OBJECTS_BUCKET: 'images', OBJECTS_PUBLIC_ENDPOINT: 'http://store' }],
  ])("never take the process's own identity over plain HTTP (%s)", (_name, env) => {
    expect(problemsOf(env)).toEqual([
      expect.stringMatching(/^OBJECTS_ACCESS_KEY_ID and OBJECTS_SECRET_ACCESS_KEY are required/),
    ]);
  });

  it('name every problem at once, and no secret', () => {
    const problems = problemsOf({
      OBJECTS_BUCKET: 'Not a bucket',
      OBJECTS_PUBLIC_ENDPOINT: 'https://store.example/path',
      OBJECTS_SECRET_ACCESS_KEY: 'secret-of-the-store',
    });
    expect(problems).toEqual([
      'OBJECTS_BUCKET must be the name of a bucket: a-z, 0-9, dots and hyphens',
      'OBJECTS_PUBLIC_ENDPOINT, or OBJECTS_ENDPOINT, must end after host and port',
      'OBJECTS_ACCESS_KEY_ID and OBJECTS_SECRET_ACCESS_KEY must be set together',
    ]);
    expect(problemsOf({})).toEqual([expect.stringMatching(/^OBJECTS_BUCKET is required/)]);
  });
});
