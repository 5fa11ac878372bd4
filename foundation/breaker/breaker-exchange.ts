// Tells somebody central, again and again, how the breakers of this process stand, and obeys what is asked of them there. Who that is, and
// over which protocol, is not its business.
import { hostname } from 'node:os';
import { newId } from '../ids/ids.ts';
import { repeat } from '../process/repeat.ts';
import type { Log } from '../telemetry/log.ts';
import type { BreakerBoard, BreakerState, ForcedMode } from './breaker-board.ts';

/** How often it is told, in milliseconds: what is asked reaches every process within two of these. */
export const exchangeEveryMs = 750;

/** Breakers that a process tells of at most: those of the platform first, which it has had for longest. */
export const toldStatesMax = 2_500;

/** Which process it is. */
export interface ToldProcess {
  /** UUID of this start of the process. */
  readonly processId: string;
  /** Such as `gateway`. */
  readonly service: string;
  /** Name of the machine or pod. */
  readonly host: string;
}

/** What a process tells. */
export interface BreakerReport extends ToldProcess {
  /** Undefined when they are those that were told last. */
  readonly states: readonly BreakerState[] | undefined;
}

/** What a process is told. */
export interface BreakerOrders {
  /** Modes that were asked for lately. */
  readonly forced: readonly ForcedMode[];
  /** False when the states of this process are not known: they are then told again. */
  readonly isKnown: boolean;
}

/** Tells, and answers what is asked. Rejects when nobody can be told; breakers go on by themselves then. */
export type ExchangeBreakers = (report: BreakerReport) => Promise<BreakerOrders>;

/** What the exchange is made of. */
export interface BreakerExchange {
  readonly process: ToldProcess;
  readonly board: BreakerBoard;
  readonly exchange: ExchangeBreakers;
  readonly log: Pick<Log, 'info' | 'warn'>;
  /** Pause between two exchanges, in milliseconds [`exchangeEveryMs`]. */
  readonly everyMs?: number;
}

/** This start of this process, under the name of its service. */
export function thisProcess(service: string): ToldProcess {
  return { processId: newId(), service, host: hostname() };
}

/** Begins at once. The result stops it and resolves when the exchange under way has ended. */
export function exchangeBreakers(options: BreakerExchange): () => Promise<void> {
  const { process, board, exchange, log, everyMs: intervalMs = exchangeEveryMs } = options;
  let isHeard = true;
  let told: string | undefined;
  const tell = async (): Promise<void> => {
    const states = board.states().slice(0, toldStatesMax);
    const telling = JSON.stringify(states);
    const isNews = telling !== told;
    told = undefined; // should it not be heard
    const { forced, isKnown } = await exchange({ ...process, states: isNews ? states : undefined });
    told = isKnown ? telling : undefined;
    board.obey(forced);
  };
  const work = async (): Promise<void> => {
    try {
      await tell();
      if (!isHeard) log.info('The states of circuit breakers are told again');
      isHeard = true;
    } catch (error) {
      // Once, and not each time, which would fill the log while nobody can be told.
      if (isHeard) log.warn({ err: error }, 'The states of circuit breakers cannot be told');
      isHeard = false;
    }
  };
  return repeat({ name: 'exchange of breakers', work, intervalMs, log });
}
