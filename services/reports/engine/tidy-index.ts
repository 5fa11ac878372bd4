// What the report index needs now and then beside its rows: changes are added to its counts, tombstones go after a day, and what told of
// earlier states of a domain goes too.
import type { Clock } from '../../../foundation/clock.ts';
import type { Log } from '../../../foundation/telemetry/log.ts';
import type { ReportIndex } from '../store/store.ts';

/** How long the index keeps tombstones, in milliseconds: late writes of older versions are refused so long. */
export const indexTombstoneKeptMs = 24 * 60 * 60 * 1_000;
/** How often they are looked for, in milliseconds. */
const forgetIntervalMs = 60 * 60 * 1_000;
/** Bounded pieces of either work in one go; the rest follows at the next. */
const piecesMax = 10;

/** What tidying is made of. */
export interface TidyOptions {
  readonly index: Pick<ReportIndex, 'forgetTombstones' | 'forgetChanges' | 'foldFacets'>;
  readonly log: Log;
  readonly clock: Clock;
}

/** Answers what a sweeper calls after each sweep. It never rejects: a failure is logged once, and the work done later. */
export function createIndexTidy({ index, log, clock }: TidyOptions): () => Promise<void> {
  let forgetAtMs = clock();
  let isFailing = false;

  async function tidy(): Promise<void> {
    await inPieces(() => index.foldFacets());
    if (clock() < forgetAtMs) return;
    await inPieces(() => index.forgetTombstones(new Date(clock() - indexTombstoneKeptMs).toISOString()));
    await inPieces(() => index.forgetChanges());
    forgetAtMs = clock() + forgetIntervalMs;
  }

  return async () => {
    try {
      await tidy();
      isFailing = false;
    } catch (error) {
      if (!isFailing) log.warn({ err: error }, 'The report index waits to be tidied');
      isFailing = true;
    }
  };
}

async function inPieces(work: () => Promise<number>): Promise<void> {
  for (let pieces = 0; pieces < piecesMax; pieces += 1) if ((await work()) === 0) return;
}
