// Who finds a place to watch from, and who does not.
import { describe, expect, it } from '@jest/globals';
import { Fault } from '../../../../foundation/fault/fault.ts';
import {
  createWatchPlaces,
  placesOfMany,
  type WatchPlaces,
  watchPlacesMax,
  watchPlacesOfTenantMax,
} from './watch-places.ts';

/** Takes as many as there are; answers how they are given back. */
function takeAll(places: WatchPlaces, tenantId: string, each = 1): (() => void)[] {
  const given: (() => void)[] = [];
  try {
    for (;;) given.push(places.take(tenantId, each));
  } catch (error) {
    expect(error).toMatchObject({ reason: 'resource_exhausted', retryAfterMs: expect.any(Number) });
    expect(error).toBeInstanceOf(Fault);
  }
  return given;
}

describe('a tenant', () => {
  it('has its share and no more, and leaves the others theirs', () => {
    const places = createWatchPlaces();
    expect(takeAll(places, 'one')).toHaveLength(watchPlacesOfTenantMax);
    expect(takeAll(places, 'two')).toHaveLength(watchPlacesOfTenantMax);
  });

  it('uses it up sooner by watching many runs at once', () => {
    const places = createWatchPlaces();
    expect(takeAll(places, 'one', placesOfMany)).toHaveLength(watchPlacesOfTenantMax / placesOfMany);
  });

  it('gets back what it gives back, each place once', () => {
    const places = createWatchPlaces();
    const [first] = takeAll(places, 'one');
    first?.();
    first?.();
    expect(takeAll(places, 'one')).toHaveLength(1);
    expect(places.taken()).toBe(watchPlacesOfTenantMax);
  });
});

describe('a process', () => {
  it('has so many places and no more, whoever takes them', () => {
    const places = createWatchPlaces();
    const tenants = Array.from({ length: 2 * (watchPlacesMax / watchPlacesOfTenantMax) }, (_, at) => `${at}`);
    expect(tenants.flatMap((tenant) => takeAll(places, tenant))).toHaveLength(watchPlacesMax);
    expect(places.taken()).toBe(watchPlacesMax);
  });
});
