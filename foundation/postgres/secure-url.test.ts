// Connections are encrypted and verified unless somebody said otherwise, as the driver understands the URL.
import { describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { secureUrl } from './secure-url.ts';

const none = { mode: undefined, caFile: undefined };

/** What the driver makes of a URL: false for plain text, else whether the certificate and its name are checked. */
function driverOf(url: string): false | { verified: boolean; named: boolean } {
  const ssl = new Client({ connectionString: url }).ssl as
    | boolean
    | { rejectUnauthorized?: boolean; checkServerIdentity?: unknown };
  if (ssl === false) return false;
  const options = ssl === true ? {} : ssl;
  return {
    verified: options.rejectUnauthorized !== false,
    named: options.checkServerIdentity === undefined && options.rejectUnauthorized !== false,
  };
}

const full = { verified: true, named: true };

describe('a URL that says nothing of encryption', () => {
  it.each([
    ['postgresql://u:p@db.example:5432/d', full],
    ['postgresql://u:p@10.0.0.7/d', full],
    ['postgresql://u:p@localhost.example/d', full],
    ['postgresql://u:p@localhost/d?host=db.example', full],
    ['postgresql://u:p@[2001:db8::1]/d', full],
    ['postgresql://u:p@localhost:5432/d', false],
    ['postgresql://u:p@127.0.0.1/d', false],
    ['postgresql://u:p@127.9.9.9/d', false],
    ['postgresql://u:p@[::1]/d', false],
    ['postgresql:///d?host=/var/run/postgresql', false],
    ['postgresql://u:p@%2Fvar%2Frun/d', false],
  ])('%s is %j', (url, expected) => {
    expect(driverOf(secureUrl(url, none))).toEqual(expected);
  });

  it('keeps everything else of it', () => {
    const url = new URL(secureUrl('postgresql://u%40x:p%2Fw@db.example:6432/d?options=-c%20x%3D1', none));
    expect([url.username, url.password, url.host, url.pathname]).toEqual([
      'u%40x',
      'p%2Fw',
      'db.example:6432',
      '/d',
    ]);
    expect(url.searchParams.get('options')).toBe('-c x=1');
  });
});

describe('a setting', () => {
  it.each([
    ['disable', false],
    ['require', { verified: false, named: false }],
    ['verify-full', full],
  ] as const)('%s holds for every host', (mode, expected) => {
    for (const host of ['db.example', 'localhost']) {
      expect(driverOf(secureUrl(`postgresql://u:p@${host}/d`, { ...none, mode }))).toEqual(expected);
    }
  });

  it('of authorities names the file, and verify-ca asks them alone', () => {
    const caFile = '/etc/my ca.pem';
    const parameters = (mode: 'verify-ca' | undefined) =>
      Object.fromEntries(new URL(secureUrl('postgresql://u@db/d', { mode, caFile })).searchParams);
    expect(parameters(undefined)).toEqual({ sslmode: 'verify-full', sslrootcert: caFile });
    expect(parameters('verify-ca')).toEqual({
      sslmode: 'verify-ca',
      uselibpqcompat: 'true',
      sslrootcert: caFile,
    });
  });
});

describe('a URL that speaks of encryption', () => {
  it.each(['sslmode=disable', 'sslmode=no-verify', 'ssl=true', 'sslrootcert=%2Fca.pem'])(
    'is taken as it stands: %s',
    (parameter) => {
      const url = `postgresql://u:p@db.example/d?${parameter}`;
      expect(secureUrl(url, { mode: 'verify-full', caFile: undefined })).toBe(url);
    },
  );
});
