// Opens connections only to addresses that the platform may call. A name is resolved once, all its addresses are judged, and the connection
// goes to one of those: what the name resolves to a moment later changes nothing. It speaks no HTTP.
import { lookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { type Address, addressOf, isInside, isPublicAddress, type Network } from './address.ts';
import { OutboundFailed } from './outbound-failed.ts';

/** All addresses of a name, as texts. Rejects where there are none. */
export type Resolve = (name: string) => Promise<readonly string[]>;

/** Who may be called. */
export interface GuardPolicy {
  /** Networks whose addresses may be called although they are private, and where http will do. */
  readonly allowed: readonly Network[];
  /** How names are resolved; absent for the way of this machine. */
  readonly resolve?: Resolve;
  /** Authorities in PEM that are trusted in the place of those of the platform; absent for those. */
  readonly ca?: string;
}

/** Time for making a connection, in milliseconds. */
const connectMs = 10_000;

/** Where a connection is to lead. */
export interface Target {
  readonly hostname: string;
  /** `http:` or `https:`. */
  readonly protocol: string;
}

/** An address that was judged. */
export interface Pinned {
  readonly address: string;
  readonly family: number;
}

/** Connects for undici. What may not be called ends in OutboundFailed `refused` before anything is sent. */
export function createGuardedConnect(policy: GuardPolicy): buildConnector.connector {
  const { ca } = policy;
  return (options, callback) => {
    void checkedAddresses(options, policy).then(
      (addresses) => {
        const settings = { timeout: connectMs, lookup: pinned(addresses), autoSelectFamily: true };
        buildConnector({ ...settings, maxCachedSessions: 0, ...(ca ? { ca } : {}) })(options, callback);
      },
      (error: unknown) => callback(error instanceof Error ? error : new Error('not resolved'), null),
    );
  };
}

/** The addresses of a host, when every one of them may be called; else OutboundFailed. */
export async function checkedAddresses(
  { hostname, protocol }: Target,
  { allowed, resolve = resolveHere }: GuardPolicy,
): Promise<readonly Pinned[]> {
  const name = hostname.replace(/^\[|\]$/g, '');
  const texts = addressOf(name) ? [name] : await resolved(name, resolve);
  return texts.map((text) => {
    const address = addressOf(text);
    if (!address || !mayCall(address, protocol, allowed)) throw refused();
    return { address: address.toString(), family: address.kind() === 'ipv4' ? 4 : 6 };
  });
}

async function resolved(name: string, resolve: Resolve): Promise<readonly string[]> {
  try {
    const addresses = await resolve(name);
    if (addresses.length > 0) return addresses;
  } catch (cause) {
    throw new OutboundFailed('unreachable', 'The name of the host cannot be resolved', { cause });
  }
  throw new OutboundFailed('unreachable', 'The name of the host cannot be resolved');
}

function mayCall(address: Address, protocol: string, allowed: readonly Network[]): boolean {
  if (isInside(address, allowed)) return true;
  return protocol === 'https:' && isPublicAddress(address);
}

// Which address it was stays unsaid: a tenant is not to learn what names resolve to inside.
function refused(): OutboundFailed {
  const places = 'a private, local or reserved address, or is reached without https';
  return new OutboundFailed(
    'refused',
    `The host leads to ${places}, outside the networks that the platform allows`,
  );
}

async function resolveHere(name: string): Promise<readonly string[]> {
  return (await lookup(name, { all: true })).map(({ address }) => address);
}

/** Answers the addresses that were judged, whatever is asked. */
export function pinned(addresses: readonly Pinned[]): LookupFunction {
  return (_name, { all }, callback) => {
    const [first] = addresses;
    if (all) callback(null, [...addresses]);
    else callback(null, first?.address ?? '', first?.family);
  };
}
