// Addresses and networks: which are public, and what lies inside what.
import { describe, expect, it } from '@jest/globals';
import { addressOf, isInside, isPublicAddress, networkOf } from './address.ts';

function publicity(text: string): boolean | undefined {
  const address = addressOf(text);
  return address && isPublicAddress(address);
}

describe('an address', () => {
  it.each(['8.8.8.8', '93.184.216.34', '2606:2800:220:1::1', '::ffff:8.8.8.8'])('%s is public', (text) => {
    expect(publicity(text)).toBe(true);
  });

  it.each([
    '0.0.0.0',
    '10.0.0.1',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.254',
    '168.63.129.16',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.192',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::7f00:1',
    '::ffff:127.0.0.1',
    '::ffff:a00:1',
    '64:ff9b::a00:1',
    '2001:db8::1',
    '2002:7f00:1::',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fec0::1',
    'ff02::1',
    '4000::1',
  ])('%s is not public', (text) => {
    expect(publicity(text)).toBe(false);
  });

  it.each([
    '',
    'localhost',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '1.2.3.4.5',
    '[::1]',
    '1.2.3.256',
  ])('%j is none', (text) => {
    expect(addressOf(text)).toBeUndefined();
  });
});

describe('a network', () => {
  it.each([
    ['10.0.0.0/8', '10.255.0.1', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['10.0.0.0/8', '::ffff:10.0.0.1', true],
    ['10.0.0.0/8', 'fd00::1', false],
    ['10.1.2.3', '10.1.2.3', true],
    ['10.1.2.3', '10.1.2.4', false],
    ['fd00::/8', 'fd12::1', true],
    ['fd00::/8', 'fe80::1', false],
    ['0.0.0.0/0', '8.8.8.8', true],
  ])('%s and the address %s: inside is %s', (text, address, expected) => {
    const network = networkOf(text);
    const inside = addressOf(address);
    expect(network && inside && isInside(inside, [network])).toBe(expected);
  });

  it.each([
    '',
    '10/8',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    'fd00::/129',
    '10.0.0.0/-1',
    'office',
    '10.0.0.0/8a',
  ])('%j is none', (text) => {
    expect(networkOf(text)).toBeUndefined();
  });
});
