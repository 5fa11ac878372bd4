// Which addresses count as one sender: an address of version 4 by itself, one of version 6 with the 64 bits that a network hands out at once.
import { addressOf } from '../../foundation/net/address.ts';

/** The name of the group that a literal address belongs to; every text that is none belongs to one group. */
export function addressGroup(text: string): string {
  const address = addressOf(text.split('%', 1)[0] ?? '');
  if (!address) return 'unknown';
  if (address.kind() === 'ipv4') return address.toString();
  return address.toByteArray().slice(0, 8).join('.');
}
