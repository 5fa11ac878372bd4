// A closed loop: a fixed number of executions in flight, a new one for each that ends, and what they cost. It knows no engine.
import type { MeterReading } from './store-meter.ts';

/** How hard and how long to load. */
export interface Load {
  readonly inFlight: number;
  /** No execution begins later than this; those in flight are waited for and counted. */
  readonly seconds: number;
}

/** What a loop found out. */
export interface LoopResult {
  readonly executions: number;
  /** From the first start to the last end. */
  readonly seconds: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** A loop and what it cost, for each task: CPU of this process, CPU of the store's processes, and growth of what is stored. */
export interface MeasuredPoint extends LoopResult {
  readonly cpuMsPerTask: number;
  readonly dbCpuMsPerTask: number;
  readonly bytesPerTask: number;
}

/** Something to measure. */
export interface Measurement extends Load {
  readonly runOne: () => Promise<void>;
  readonly tasksPerExecution: number;
  readonly readMeter: () => Promise<MeterReading>;
}

const warmUpShare = 0.4; // each point has a process of its own, whose code is cold
/** Enough to open every connection and to compile every path. */
const warmUpInFlightMax = 20;

/** Warms up for two fifths of the time, then measures. Rejects with the first execution that fails. */
export async function measurePoint(measurement: Measurement): Promise<MeasuredPoint> {
  const { runOne, inFlight, seconds, tasksPerExecution, readMeter } = measurement;
  await closedLoop(runOne, {
    inFlight: Math.min(inFlight, warmUpInFlightMax),
    seconds: seconds * warmUpShare,
  });
  const before = await readMeter();
  const result = await closedLoop(runOne, { inFlight, seconds });
  const after = await readMeter();
  const tasks = result.executions * tasksPerExecution;
  return {
    ...result,
    cpuMsPerTask: rounded((after.processCpuMs - before.processCpuMs) / tasks, 3),
    dbCpuMsPerTask: rounded((after.storeCpuMs - before.storeCpuMs) / tasks, 3),
    bytesPerTask: Math.round((after.storeBytes - before.storeBytes) / tasks),
  };
}

/** Runs executions until the time is over. Each of those in flight runs at least one. Rejects with the first that fails. */
export async function closedLoop(runOne: () => Promise<void>, load: Load): Promise<LoopResult> {
  const timesMs: number[] = [];
  const startMs = performance.now();
  const endMs = startMs + load.seconds * 1_000;
  const lane = async (): Promise<void> => {
    do {
      const oneMs = performance.now();
      await runOne();
      timesMs.push(performance.now() - oneMs);
    } while (performance.now() < endMs);
  };
  await Promise.all(Array.from({ length: load.inFlight }, lane));
  const seconds = (performance.now() - startMs) / 1_000;
  return {
    executions: timesMs.length,
    seconds: rounded(seconds, 2),
    perSecond: rounded(timesMs.length / seconds, 1),
    p50Ms: quantile(timesMs, 0.5),
    p99Ms: quantile(timesMs, 0.99),
  };
}

/** The value that this share of values does not exceed, to a tenth; 0 when there is none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return rounded(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0, 1);
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
