// How many watch in this process, each tenant no more than its share, so that one cannot keep the others from watching. Several replicas allow
// that much each.
import { Fault } from '../../../../foundation/fault/fault.ts';

/** Places in one process: what one can tell on two cores while every run tells ten events a second. */
export const watchPlacesMax = 20_000;
/** Places of one tenant, so that four at their most do not hinder each other. */
export const watchPlacesOfTenantMax = 5_000;
/** Places that a watcher of many runs takes: most of the time it follows no more, and it may follow a few hundred. */
export const placesOfMany = 4;

/** When somebody who found no place may look again, in milliseconds. */
const retryAfterMs = 5_000;

/** Places of watchers. */
export interface WatchPlaces {
  /** Takes so many; the answer gives them back, once. Fault `resource_exhausted` when there are not so many. */
  take(tenantId: string, places: number): () => void;
  /** Places that are taken. */
  taken(): number;
}

/** Places of which nobody has taken one. What is kept of a tenant goes with its last place. */
export function createWatchPlaces(): WatchPlaces {
  const ofTenants = new Map<string, number>();
  let all = 0;
  const change = (tenantId: string, by: number): void => {
    const count = (ofTenants.get(tenantId) ?? 0) + by;
    all += by;
    if (count > 0) ofTenants.set(tenantId, count);
    else ofTenants.delete(tenantId);
  };
  return {
    take(tenantId, places) {
      if ((ofTenants.get(tenantId) ?? 0) + places > watchPlacesOfTenantMax) {
        throw exhausted('Too many of your organisation watch; close a stream first');
      }
      if (all + places > watchPlacesMax) throw exhausted('Too many watch on this replica');
      change(tenantId, places);
      let isGiven = false;
      return () => {
        if (!isGiven) change(tenantId, -places);
        isGiven = true;
      };
    },
    taken: () => all,
  };
}

function exhausted(sentence: string): Fault {
  return new Fault('resource_exhausted', sentence, { retryAfterMs });
}
