// Exports events from one replica at a time, round after round, beside everything else: nothing waits for it, and what fails is told in its
// standing and tried again.
import { setTimeout as wait } from 'node:timers/promises';
import { newId } from '../../../../foundation/ids/ids.ts';
import type { Log } from '../../../../foundation/telemetry/log.ts';
import type { EventSink } from '../../clients/event-sink.ts';
import type { ExportStore } from '../../store/store.ts';
import { exportRound } from './export-round.ts';

/** What the export needs. */
export interface ExporterDeps {
  readonly store: ExportStore;
  readonly sink: EventSink;
  readonly log: Pick<Log, 'warn'>;
  /** [usual rhythm] */
  readonly rhythm?: ExportRhythm;
}

/** Times of the export in milliseconds. */
export interface ExportRhythm {
  /** Between rounds, at least; a round that takes long is followed by a pause ten times as long, so that it takes a tenth of a connection at most. */
  readonly pauseMs: number;
  /** After a failure, doubling up to `retryMsMax`. */
  readonly retryMs: number;
  readonly retryMsMax: number;
  /** How long a replica that was not heard of keeps the export. */
  readonly heldMs: number;
}

const usualRhythm: ExportRhythm = { pauseMs: 2_000, retryMs: 1_000, retryMsMax: 60_000, heldMs: 90_000 };
const roundShare = 10;
const roundPauseMsMax = 30_000;

/** Begins; answers how to stop, which lets go of the export for other replicas. */
export function beginExport(deps: ExporterDeps): () => Promise<void> {
  const stopping = new AbortController();
  const holder = newId();
  const running = rounds(deps, { holder, told: new Set(), signal: stopping.signal });
  return async () => {
    stopping.abort();
    await running;
    await deps.store
      .release(holder)
      .catch((error: unknown) => deps.log.warn({ err: error }, 'The export is let go of late'));
  };
}

interface Holding {
  readonly holder: string;
  readonly told: Set<string>;
  readonly signal: AbortSignal;
}

async function rounds(deps: ExporterDeps, holding: Holding): Promise<void> {
  const { rhythm = usualRhythm, log } = deps;
  const { signal } = holding;
  let retryMs = rhythm.retryMs;
  while (!signal.aborted) {
    const beganMs = performance.now();
    let pauseMs: number;
    try {
      await oneRound(deps, holding, rhythm.heldMs);
      const tookMs = performance.now() - beganMs;
      pauseMs = Math.min(roundPauseMsMax, Math.max(rhythm.pauseMs, tookMs * roundShare));
      retryMs = rhythm.retryMs;
    } catch (error) {
      if (signal.aborted) return;
      log.warn({ err: error }, 'Events could not be exported');
      pauseMs = retryMs;
      retryMs = Math.min(rhythm.retryMsMax, retryMs * 2);
    }
    await wait(pauseMs, undefined, { signal }).catch(() => undefined); // it stops: the loop sees that
  }
}

async function oneRound(
  { store, sink, log }: ExporterDeps,
  { holder, told, signal }: Holding,
  heldMs: number,
): Promise<void> {
  const place = await store.hold(holder, heldMs);
  if (!place) return; // another replica exports
  const keep = async (progress: Parameters<ExportStore['advance']>[1]): Promise<void> => {
    if (!(await store.advance(holder, progress, heldMs)))
      throw new Error('Another replica has taken the export over');
  };
  try {
    const next = await exportRound(
      {
        ...{ store, sink, told, signal },
        onPublished: (published, refused) => keep({ published, refused, problem: '' }),
        onLost: ({ id }, reason) =>
          log.warn({ event: id, reason }, 'An event could not be exported and is given up'),
      },
      place,
    );
    await keep({ published: 0, refused: 0, problem: '', place: next });
  } catch (error) {
    const problem =
      error instanceof Error && error.name === 'SinkUnavailable' ? error.message : 'The export failed';
    if (!signal.aborted) await keep({ published: 0, refused: 0, problem });
    throw error;
  }
}
