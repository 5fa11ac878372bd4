// What the log may know of a connection's way.
import { describe, expect, it } from '@jest/globals';
import { connectionPlaceOf } from './connection-place.ts';

describe('the place of a connection', () => {
  it.each([
    ['postgresql://u:p@db.example/app', { host: 'db.example', port: 5_432, database: 'app', network: 'tcp' }],
    [
      'postgresql://u:p@[::1]:5433/a%20b?sslmode=disable',
      { host: '[::1]', port: 5_433, database: 'a b', network: 'tcp' },
    ],
    [
      'postgresql://u:p@db.example:1/app?sslmode=verify-full',
      { host: 'db.example', port: 1, database: 'app', network: 'tls' },
    ],
    [
      'postgresql://u:p@localhost:5432/app?host=%2Fvar%2Frun',
      { host: '/var/run', port: 5_432, database: 'app', network: 'socket' },
    ],
  ])('%s has no login in it', (url, place) => {
    expect(connectionPlaceOf(url)).toEqual(place);
  });

  it('is unknown of what is no URL', () => {
    expect(connectionPlaceOf('db.example')).toBe(undefined);
  });
});
