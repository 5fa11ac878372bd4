// Whom the probe asks, from its argument or the settings of its container.
import { describe, expect, it } from '@jest/globals';
import { UsageError } from '../../local/terminal/run-command.ts';
import { ownTarget, targetOf } from './health-target.ts';

describe('an address for the probe', () => {
  it.each([
    ['registry:50051', 'grpc', 'registry:50051'],
    ['10.0.0.7:1', 'grpc', '10.0.0.7:1'],
    ['[::1]:50051', 'grpc', '[::1]:50051'],
    ['http://gateway:8080', 'http', 'gateway:8080'],
    ['http://gateway:8080/', 'http', 'gateway:8080'],
  ] as const)('%s is asked by %s', (argument, protocol, address) => {
    expect(targetOf(argument)).toEqual({ protocol, address });
  });

  it.each([
    '',
    'registry',
    ':50051',
    'registry:x',
    'registry:99999',
    'https://gateway:8080',
    'http://gateway:8080/health',
    'a b:1',
  ])('"%s" is refused', (argument) => {
    expect(() => targetOf(argument)).toThrow(UsageError);
  });
});

describe('without an address', () => {
  it.each([
    [{}, '127.0.0.1:8080'],
    [{ HOST: '0.0.0.0', PORT: '50051' }, '127.0.0.1:50051'],
    [{ HOST: '::', PORT: '50051' }, '127.0.0.1:50051'],
    [{ HOST: '10.0.0.7', PORT: '' }, '10.0.0.7:8080'],
    [{ HOST: '::1', PORT: '1' }, '[::1]:1'],
  ])('the process with the settings %j is asked at %s, of whichever kind it is', (env, address) => {
    expect(ownTarget(env)).toEqual({ protocol: undefined, address });
  });
});
