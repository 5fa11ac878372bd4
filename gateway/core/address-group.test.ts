// Which addresses count as one sender.
import { expect, it } from '@jest/globals';
import { addressGroup } from './address-group.ts';

it.each([
  ['192.0.2.1', '192.0.2.1', true],
  ['192.0.2.1', '::ffff:192.0.2.1', true],
  ['192.0.2.1', '192.0.2.2', false],
  ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', true],
  ['2001:db8:1:2::1', '2001:db8:1:3::1', false],
  ['fe80::1%eth0', 'fe80::1', true],
  ['', '192.0.2.1', false],
])('%s and %s are one sender or not', (one, other, same) => {
  expect(addressGroup(one) === addressGroup(other)).toBe(same);
});
