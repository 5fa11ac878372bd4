// What a route says of itself beside its schema. Fastify hands it to the hooks with each request.

import type { Role } from '../../foundation/identity/role.ts';
import type { Permission } from '../core/permission.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The least role that may call the route; every route below the API base names one. */
    role?: Role;
    /** The role that API keys call the route in, never above their creator's; absent means the least role. */
    keyRole?: Role;
    /** What an API key must be allowed to call the route; every route below the API base names it. */
    permission?: Permission;
    /** True for routes that machines ask all the time: they are neither traced nor logged above debug. */
    probe?: boolean;
    /** True for routes that work on their body while it arrives, so that it may take longer than others'. */
    readsBodySlowly?: boolean;
    /** True for POST routes whose service remembers requests with an `Idempotency-Key` itself; the gateway remembers those of all others. */
    remembersRequests?: boolean;
    /** True for routes whose requests wait for something to happen: they take no place among the requests under way. */
    waits?: boolean;
    /** True for routes whose answers have no end of their own: a client that goes away ends one as it should. */
    endless?: boolean;
  }
}
