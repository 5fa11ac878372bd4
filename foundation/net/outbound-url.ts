// Which URLs the platform will call for a tenant, as far as their text tells. A name is taken as it is: what it resolves to is checked by
// whoever calls it.
import { type Address, addressOf, isInside, isPublicAddress, type Network } from './address.ts';

/** The longest URL, in UTF-16 code units. */
export const urlLengthMax = 2_000;

// Names that mean the machine itself, or the place where a cloud answers its machines.
const localName = /^(.+\.)?localhost$|^(localhost|ip6-localhost|ip6-loopback)(\.localdomain)?$/;
const metadataName = /^metadata(\.google\.internal)?$|^instance-data(\.ec2\.internal)?$/;

/** What is wrong with a URL, as it completes "the URL …"; undefined when nothing is. Inside the allowed networks http will do. */
export function outboundUrlProblem(text: string, allowed: readonly Network[]): string | undefined {
  if (text.length > urlLengthMax) return `must have at most ${urlLengthMax} characters`;
  const url = /[\s\\]/.test(text) ? null : URL.parse(text);
  if (!url || !['https:', 'http:'].includes(url.protocol)) {
    return 'must be an absolute https URL such as https://api.example.org/v1';
  }
  if (url.username !== '' || url.password !== '') {
    return 'must not hold a user name or password: give them as credentials';
  }
  if (text.includes('#')) return 'must not have a fragment (#…)';
  const host = hostOf(url);
  return typeof host === 'string' ? nameProblem(host, url, allowed) : addressProblem(host, url, allowed);
}

/** The address or, in lower case and without the root's dot, the name that a URL names. Parsing has made other forms of addresses plain. */
function hostOf({ hostname }: URL): Address | string {
  const name = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const host = addressOf(name) ?? name;
  return typeof host === 'string' && localName.test(host) ? (addressOf('127.0.0.1') ?? host) : host;
}

function addressProblem(
  address: Address,
  { protocol }: URL,
  allowed: readonly Network[],
): string | undefined {
  if (isInside(address, allowed)) return undefined;
  if (!isPublicAddress(address)) {
    return 'must not name this machine, or a private, local or reserved address, outside the networks that the platform allows';
  }
  return protocol === 'https:' ? undefined : 'must begin with https://';
}

function nameProblem(name: string, { protocol }: URL, allowed: readonly Network[]): string | undefined {
  if (metadataName.test(name)) return 'must not name the place where a cloud answers its machines';
  // Whether a name lies inside the networks is known when it is called.
  return protocol === 'https:' || allowed.length > 0 ? undefined : 'must begin with https://';
}
