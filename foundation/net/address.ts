// Internet addresses and networks as values: which addresses belong to the public internet, and which lie inside a network. It knows
// literal addresses alone; names are resolved by whoever calls them.
import ipaddr from 'ipaddr.js';

/** An address of version 4 or 6; one of version 4 that is written inside version 6 is held as version 4. */
export type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** All addresses that begin with the same bits. */
export interface Network {
  readonly address: Address;
  /** How many bits are the same. */
  readonly bits: number;
}

// Everything that is routed by version 6; the rest is reserved, local or means an address of version 4.
const globalUnicast = [ipaddr.IPv6.parse('2000::'), 3] as [ipaddr.IPv6, number];

// Azure answers a machine's questions about itself at an address that looks like any other.
const metadataAddresses = new Set(['168.63.129.16']);

/** The address that a text is: `192.0.2.1` or `2001:db8::1`, without brackets; undefined for names and for shortened or octal forms. */
export function addressOf(text: string): Address | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  if (!ipaddr.IPv6.isValid(text)) return undefined;
  const address = ipaddr.IPv6.parse(text);
  return address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}

/** The network that a text is, such as `10.0.0.0/8` or `fd00::/8`, or one address alone; undefined for every other text. */
export function networkOf(text: string): Network | undefined {
  const [start = '', bitsText, ...rest] = text.split('/');
  const address = addressOf(start);
  if (!address || rest.length > 0) return undefined;
  const bitsMax = address.kind() === 'ipv4' ? 32 : 128;
  if (bitsText === undefined) return { address, bits: bitsMax };
  const bits = /^\d{1,3}$/.test(bitsText) ? Number(bitsText) : Number.NaN;
  return bits <= bitsMax ? { address, bits } : undefined;
}

/** True for an address that anyone may have on the internet: not private, local, shared, reserved, or where a cloud answers its machines. */
export function isPublicAddress(address: Address): boolean {
  if (address.range() !== 'unicast' || metadataAddresses.has(address.toString())) return false;
  return address.kind() === 'ipv4' || address.match(globalUnicast);
}

/** True when one of the networks holds the address. */
export function isInside(address: Address, networks: readonly Network[]): boolean {
  return networks.some(
    (network) => network.address.kind() === address.kind() && address.match(network.address, network.bits),
  );
}
