// Name resolution for connections to hosts of tenants that undici does not make: the name is resolved once, all its addresses are judged, and
// the connection goes to one of those. URLs that name an address need no resolution and are judged by their text, see outbound-url.
import type { LookupFunction } from 'node:net';
import { checkedAddresses, type GuardPolicy, pinned } from './guarded-connect.ts';

/** For the option `lookup` of sockets, which then fail with OutboundFailed. `protocol` is `http:` or `https:`. */
export function createGuardedLookup(protocol: string, policy: GuardPolicy): LookupFunction {
  return (hostname, options, callback) => {
    void checkedAddresses({ hostname, protocol }, policy).then(
      (addresses) => pinned(addresses)(hostname, options, callback),
      (error: Error) => callback(error, []),
    );
  };
}
