// Brings commands to whoever holds their execution. A command is stored before anything else, so it is carried out also when the replica
// that took it, or the one that holds the execution, dies: whoever holds the execution next finds it.
import { Fault } from '../../../../foundation/fault/fault.ts';
import { repeat } from '../../../../foundation/process/repeat.ts';
import type { Log } from '../../../../foundation/telemetry/log.ts';
import { isSetAsideFault } from '../../core/set-aside.ts';
import type { EngineStore, ExecutionKey } from '../../store/store.ts';
import type { Executor } from '../executor.ts';
import type { Rhythm } from '../rhythm.ts';
import type { Lease } from './lease.ts';

const batchMax = 100;

/** What delivering needs. */
export interface DeliveryDeps {
  readonly lease: () => Lease | undefined;
  readonly store: EngineStore;
  readonly executor: Pick<Executor, 'commandsTo' | 'takeUp'>;
  readonly nudge: NudgeReplica;
  readonly rhythm: Rhythm;
  readonly log: Log;
}

/** Tells the replica at an address that commands wait for an execution; resolves once it has looked, throws when it cannot be reached. */
export type NudgeReplica = (address: string, key: ExecutionKey) => Promise<void>;

/** Delivers commands. */
export interface Delivery {
  /**
   * Resolves when no command waits for the execution any more; Fault `unavailable` when that takes longer than given, in milliseconds, and
   * when the execution is set aside, also after it has been tried again for this.
   */
  deliver(key: ExecutionKey, withinMs: number): Promise<void>;
  /** Works off the commands of an execution that is held here; false when it is not. */
  handle(key: ExecutionKey): Promise<boolean>;
  /** Looks for commands that nobody has brought, again and again; answers how to stop. */
  begin(): () => Promise<void>;
}

/** Delivers over the stores and other replicas. */
export function createDelivery(deps: DeliveryDeps): Delivery {
  const { store, executor, rhythm, log } = deps;

  async function handle(key: ExecutionKey): Promise<boolean> {
    // Who takes them is found before they are read: then what another holder has decided is not among them any more.
    const take = executor.commandsTo(key);
    const stored = await store.commandsOf(key);
    if (!take) return stored.length === 0;
    for (const command of stored) if (!(await take(command))) return false;
    return true;
  }

  async function deliver(key: ExecutionKey, withinMs: number): Promise<void> {
    const untilMs = performance.now() + withinMs;
    for (let tries = 0; ; tries += 1) {
      if (await attempt(deps, key, { handle, setAside: tries === 0 })) return;
      if ((await store.setAsideAmong(key.tenantId, [key.id])).length > 0) throw isSetAsideFault();
      if (performance.now() + rhythm.deliverMs > untilMs) throw undelivered();
      await new Promise((resolve) => setTimeout(resolve, rhythm.deliverMs));
    }
  }

  async function look(): Promise<void> {
    const ownerId = deps.lease()?.ownerId();
    if (ownerId === undefined) return;
    for (const key of await store.commanded(ownerId, batchMax)) {
      await attempt(deps, key, { handle, setAside: false }).catch((error: unknown) =>
        log.warn({ err: error, execution_id: key.id }, 'A command could not be carried out yet'),
      );
    }
  }

  return {
    deliver,
    handle,
    begin: () => repeat({ name: 'commands', work: look, intervalMs: 2 * rhythm.lookMs, log }),
  };
}

interface Trying {
  readonly handle: Delivery['handle'];
  /** Whether an execution that is set aside is tried again for this: once for each person who asks, or it would be without end. */
  readonly setAside: boolean;
}

/** One try; true when nothing waits any more. */
async function attempt(deps: DeliveryDeps, key: ExecutionKey, trying: Trying): Promise<boolean> {
  const { handle, setAside } = trying;
  const { store, executor, nudge, log } = deps;
  const lease = deps.lease();
  if (!lease?.isHeld()) return false;
  if (await handle(key)) return true;
  const holder = await store.holderOf(key);
  if (holder?.ownerId === lease.ownerId()) {
    // Owned but not held: it is on its way out of memory or into it, or the reply to a claim was lost.
    await executor.takeUp([key], { place: 'wanted' });
  } else if (holder) {
    await nudge(holder.address, key).catch((error: unknown) =>
      log.warn(
        { err: error, execution_id: key.id },
        'The replica that holds an execution could not be reached',
      ),
    );
  } else {
    // Whatever its tenant has running: only what it begins after the commands waits for a place.
    if (await store.claimParked(lease.ownerId(), key, { setAside })) {
      await executor.takeUp([key], { place: 'wanted', commandsOf: store.commandsOf });
    } else if ((await store.unfinished(key.tenantId, [key.id])).size === 0) {
      await store.dropCommands([key]);
    }
  }
  // Whoever has just taken it up here decides its commands now: that is waited for.
  return handle(key);
}

function undelivered(): Fault {
  const message =
    'The run could not be reached in time; what was asked is kept and carried out when it can be';
  return new Fault('unavailable', message, { retryAfterMs: 1_000 });
}
