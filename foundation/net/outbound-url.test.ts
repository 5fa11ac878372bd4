// Which URLs of tenants are refused by their text alone.
import { describe, expect, it } from '@jest/globals';
import { type Network, networkOf } from './address.ts';
import { outboundUrlProblem } from './outbound-url.ts';

const networks = (...texts: string[]): Network[] =>
  texts.flatMap((text) => {
    const network = networkOf(text);
    return network ? [network] : [];
  });
const office = networks('10.0.0.0/8', '127.0.0.1/32');

describe('a URL', () => {
  it.each([
    'https://api.example.org',
    'https://api.example.org:8443/v1/tools?version=2',
    'https://93.184.216.34/',
    'https://[2606:2800:220:1::1]/',
    'HTTPS://API.EXAMPLE.ORG/',
  ])('%s is right', (text) => {
    expect(outboundUrlProblem(text, [])).toBeUndefined();
  });

  it.each([
    ['', 'absolute https URL'],
    ['api.example.org', 'absolute https URL'],
    ['/v1/tools', 'absolute https URL'],
    ['ftp://api.example.org', 'absolute https URL'],
    ['file:///etc/passwd', 'absolute https URL'],
    ['https://api.example.org\\@10.0.0.1', 'absolute https URL'],
    ['https://api.exam\nple.org', 'absolute https URL'],
    [' https://api.example.org', 'absolute https URL'],
    [`https://api.example.org/${'x'.repeat(2_000)}`, 'at most 2000 characters'],
    ['http://api.example.org', 'begin with https://'],
    ['http://93.184.216.34', 'begin with https://'],
    ['https://user:secret@api.example.org', 'user name or password'],
    ['https://user@api.example.org', 'user name or password'],
    ['https://api.example.org/#part', 'fragment'],
    ['https://api.example.org/#', 'fragment'],
    ['https://metadata.google.internal/computeMetadata/v1', 'cloud'],
    ['https://METADATA.google.internal./', 'cloud'],
  ])('%j is refused: %s', (text, part) => {
    expect(outboundUrlProblem(text, [])).toContain(part);
  });

  it.each([
    'https://localhost',
    'https://localhost.',
    'https://LOCALHOST:8080/x',
    'https://a.localhost/',
    'https://localhost.localdomain/',
    'https://127.0.0.1',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0177.0.0.1/',
    'https://0/',
    'https://10.1.2.3',
    'https://172.16.0.1',
    'https://192.168.0.1.',
    'https://169.254.169.254/latest/meta-data',
    'https://224.0.0.1',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://[::ffff:a9fe:a9fe]/',
    'https://[fd00::1]/',
    'https://[fe80::1]/',
    'https://[64:ff9b::a00:1]/',
    'https://①②⑦.0.0.1/',
  ])('%s is refused because of where it leads', (text) => {
    expect(outboundUrlProblem(text, [])).toContain('must not name this machine');
  });

  it.each([
    'http://10.1.2.3:9000/x',
    'https://10.1.2.3',
    'http://localhost:9000',
    'http://worker.office:9000',
    'https://api.example.org',
  ])('%s is right where the networks hold it, or may hold it', (text) => {
    expect(outboundUrlProblem(text, office)).toBeUndefined();
  });

  it.each(['http://93.184.216.34', 'https://192.168.0.1', 'https://169.254.169.254', 'https://[::1]/'])(
    '%s is refused although other networks are allowed',
    (text) => {
      expect(outboundUrlProblem(text, office)).toBeDefined();
    },
  );
});
