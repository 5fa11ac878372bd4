// The ports of gates: for requests, and for the engine, which carries the gates of all tenants on.
import type { WriteRecord } from '../core/audit.ts';
import type {
  AnsweredShadow,
  ChosenShadow,
  GateHead,
  GateRecord,
  GateSpec,
  GateStatus,
  ShadowAnswer,
  ShadowPlace,
  ShadowRun,
} from '../core/gate.ts';
import type { GateOutcome } from '../core/gate-result.ts';

/** A gate as it stands. */
export interface StoredGate extends Omit<GateRecord, 'spec'> {
  readonly head: GateHead;
  readonly rowsTotal: number;
  readonly status: GateStatus;
  readonly rowsDone: number;
  /** Only when it is completed. */
  readonly outcome?: Pick<GateOutcome, 'passed' | 'result'>;
  /** Empty unless it failed. */
  readonly error: string;
  readonly completedAtMs?: number;
}

/** Serves the requests of one tenant. */
export interface GateStore {
  /** Records a gate with its audit entry. `full`, and nothing is written, while the tenant has three under way. */
  record(gate: GateRecord, entry: WriteRecord): Promise<'recorded' | 'full'>;
  /** The gate of a domain, or undefined when the tenant has none of this id there. */
  read(
    tenantId: string,
    gate: { readonly id: string; readonly domainId: string },
  ): Promise<StoredGate | undefined>;
  /** Asks for a running gate to end, with an audit entry where nobody had asked before. */
  cancel(gate: Pick<GateRecord, 'tenantId' | 'id'>, entry: WriteRecord): Promise<void>;
}

/** A gate that this process works on, without what it does: that is large, and never changes. */
export interface ClaimedGate extends Omit<GateRecord, 'spec'> {
  readonly claim: string;
  /** True when a person wants it ended. */
  readonly cancelled: boolean;
  /** Turns in a row that have failed. */
  readonly failures: number;
}

/** Names a gate. */
export type GateKey = Pick<GateRecord, 'tenantId' | 'id'>;

/** What becomes of a gate after a turn. */
export type GateChange =
  /** Absent `rowsDone` leaves it as it is. */
  | {
      readonly status: 'running';
      readonly rowsDone?: number;
      readonly failures: number;
      readonly waitMs: number;
    }
  | { readonly status: 'completed'; readonly rowsDone: number; readonly outcome: GateOutcome }
  | { readonly status: 'cancelled' }
  | { readonly status: 'failed'; readonly error: string };

/** Running gates of all tenants. All times are the database's. */
export interface GateQueue {
  /** Claims up to `limit` gates that are due, those that have waited longest first. */
  claim(options: { readonly claim: string; readonly leaseMs: number }, limit: number): Promise<ClaimedGate[]>;
  /** What a gate does. */
  spec(gate: GateKey): Promise<GateSpec>;
  /** Runs whose execution has been chosen. */
  runs(gate: GateKey): Promise<ShadowRun[]>;
  /** Runs that have ended, with what they have answered. */
  answers(gate: GateKey): Promise<AnsweredShadow[]>;
  /** Chooses an execution for a run; answers the one that is chosen, which may be another's choice. */
  choose(gate: GateKey, run: ChosenShadow): Promise<string>;
  /** Keeps what a run has answered. */
  keep(gate: GateKey, run: ShadowPlace & { readonly answer: ShadowAnswer }): Promise<void>;
  /** Writes what becomes of a claimed gate and gives it back; false when the claim has run out and was taken by another. */
  settle(gate: Pick<ClaimedGate, 'tenantId' | 'id' | 'claim'>, change: GateChange): Promise<boolean>;
  /** Removes up to `limit` gates that ended longer ago than is kept; answers how many. */
  forget(keptDays: number, limit: number): Promise<number>;
}
