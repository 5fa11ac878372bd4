// Looking for tenants in line while one comes into it: what the look read before does not make anybody forgotten.
import { afterEach, describe, expect, it } from '@jest/globals';
import type { EngineStore, OwnerStore } from '../../store/store.ts';
import { createAdmission } from '../admission.ts';
import { quickRhythm } from '../engine.for-test.ts';
import type { Lease } from './lease.ts';
import { type Takeover, takeOver } from './takeover.ts';

let taking: Takeover | undefined;
afterEach(() => taking?.stop());

const lease = { isHeld: () => true, isSteady: () => true, ownerId: () => 'owner' } as Partial<Lease> as Lease;

/** A line whose first look is held while it reads which tenants wait; `served` resolves with the first tenant that is given a place. */
function heldLook() {
  const reading = Promise.withResolvers<void>();
  const read = Promise.withResolvers<string[]>();
  const served = Promise.withResolvers<string>();
  const admission = createAdmission({
    perTenantMax: 1,
    heldMax: 1,
    replicas: () => 1,
    onFree: () => undefined,
  });
  const store: Partial<EngineStore> = {
    claimOrphans: async () => [],
    lineUpDue: async () => 0,
    queuedTenants: () => {
      reading.resolve();
      return read.promise;
    },
    claimQueued: async (_owner, tenantId) => {
      served.resolve(tenantId);
      return [];
    },
  };
  const owners: Partial<OwnerStore> = { endSilent: async () => 0 };
  const log = { info: () => undefined, warn: () => undefined };
  taking = takeOver({
    ...{ lease, admission, takeUp: async () => undefined, rhythm: { ...quickRhythm, lookMs: 3_600_000 } },
    ...{ store: store as EngineStore, owners: owners as OwnerStore, log: log as never },
  });
  return { taking, admission, reading: reading.promise, read: read.resolve, served: served.promise };
}

describe('a tenant that comes into line while a look reads', () => {
  it('is given the next place, though the look did not see it', async () => {
    const { taking, admission, reading, read, served } = heldLook();
    admission.enter('others');
    await reading;
    taking.queued('late');
    read([]);
    // The look has gone on with what it read.
    await new Promise(setImmediate);
    admission.leave('others');
    taking.roomFor('others', true);
    expect(await served).toBe('late');
  });
});
