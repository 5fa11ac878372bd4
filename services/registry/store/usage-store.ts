// The part of the port that is about the ledger of model calls. Every method but the last is bound to one tenant.
import type { PassedBudget } from '../core/budget-verdict.ts';
import type { AgentCallHistory, HistoryAsked } from '../core/call-history.ts';
import type { CallEnd, UsageCall } from '../core/usage-call.ts';
import type { UsageRange } from '../core/usage-period.ts';
import type { UsageGrouping, UsageSum } from '../core/usage-sum.ts';

/** A call that is written down. */
export interface Reservation {
  /** As the call names it. */
  readonly id: string;
  /** Soft budgets that are passed with it. */
  readonly passed: readonly PassedBudget[];
}

/** A reservation as the run names it. */
export interface ReservationAsked {
  readonly jobId: string;
  /** Text that may be anything. */
  readonly id: string;
}

/** A call that ended. */
export interface SettledCall {
  readonly provider: string;
  /** False when it had been settled before, which stays. */
  readonly isNew: boolean;
  /** ISO 4217; absent, with the money, for a call without a price and for one that had been settled before. */
  readonly currency?: string;
  /** What it cost, in 1e-9 of the currency unit. */
  readonly money?: bigint;
}

/** What is summed up. */
export interface UsageAsked {
  readonly groupBy: UsageGrouping;
  readonly range: UsageRange;
  readonly nowMs: number;
}

/** The ledger. */
export interface UsageStore {
  /**
   * Writes a call down and counts its greatest cost, once however often it is asked for; Fault `already_exists` when its reservation is that
   * of another call. What was reserved for the same call before and never settled becomes uncertain.
   * Undefined when the tenant is unknown; Fault `resource_exhausted` when a hard budget forbids the call, and then nothing is written.
   */
  reserveCall(tenantId: string, call: UsageCall, nowMs: number): Promise<Reservation | undefined>;
  /** Counts what the call cost instead. Undefined when the run has no such reservation. */
  settleCall(
    tenantId: string,
    asked: ReservationAsked,
    told: { readonly end: CallEnd; readonly nowMs: number },
  ): Promise<SettledCall | undefined>;
  /** Calls that were reserved in the range: days in their order, else the most calls first; at most 1,000, the rest under `other`. */
  sumUsage(tenantId: string, asked: UsageAsked): Promise<readonly UsageSum[]>;
  /** What the newest tasks of agents have used: one history for each agent, in their order. */
  findCallHistory(tenantId: string, asked: HistoryAsked): Promise<readonly AgentCallHistory[]>;
  /** IANA name; empty for UTC. */
  findTimeZone(tenantId: string): Promise<string>;
  /** Removes what every tenant reserved before a time, at most so many rows of each table; answers the greater number of rows. */
  removeOldUsage(before: Date, rowsMax: number): Promise<number>;
}
