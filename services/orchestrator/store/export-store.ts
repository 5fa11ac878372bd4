// The port of the export of events: what has happened since a view of the database, and how far the export has come.
import type { Happening } from '../core/export-event.ts';
import type { StoreView } from '../core/watch-reads.ts';

/** Where happenings are stored. */
export type HappeningSource = Happening['source'];

/** How far the export has come, for whoever holds it. */
export interface ExportPlace {
  /** Everything that it shows has been told. */
  readonly seen: StoreView;
  /** Health of services as it was told last. */
  readonly services: Readonly<Record<string, string>>;
}

/** What is read of one source. */
export interface HappeningRead {
  readonly source: HappeningSource;
  /** Nothing that this shows. */
  readonly seen: StoreView;
  /** Only what this shows. */
  readonly through: StoreView;
  /** Only what follows this, by time and then id; absent for all. */
  readonly after?: { readonly at: string; readonly id: string };
  readonly limit: number;
}

/** A piece of what happened. */
export interface HappeningPiece {
  /** In the order of time. */
  readonly happenings: readonly Happening[];
  /** Where the next piece begins; absent when nothing follows. */
  readonly after?: { readonly at: string; readonly id: string };
}

/** What a round of the export came to. */
export interface ExportProgress {
  readonly published: number;
  readonly refused: number;
  /** Empty when all went well. */
  readonly problem: string;
  /** Absent while the round goes on or has failed. */
  readonly place?: ExportPlace;
}

/** How the export stands. Times are milliseconds since the Unix epoch. */
export interface ExportStanding {
  readonly published: number;
  readonly refused: number;
  /** Absent before the first. */
  readonly publishedAtMs?: number;
  /** When everything had been told. */
  readonly seenAtMs: number;
  readonly nowMs: number;
  /** Empty while all is well. */
  readonly problem: string;
}

/** Reads how the export stands, for requests. */
export interface ExportStandingStore {
  /** Undefined before the export began for the first time. */
  standing(): Promise<ExportStanding | undefined>;
}

/** Serves the one replica that exports. */
export interface ExportStore {
  /** The place, when nobody else holds the export; it is held for so long. The first time the place is now. */
  hold(holder: string, heldMs: number): Promise<ExportPlace | undefined>;
  /** Keeps what was done and holds on for so long; false when somebody else has taken the export over. */
  advance(holder: string, progress: ExportProgress, heldMs: number): Promise<boolean>;
  /** Lets go at once, for the next one. */
  release(holder: string): Promise<void>;
  view(): Promise<StoreView>;
  read(wanted: HappeningRead): Promise<HappeningPiece>;
  /** The health of each service that was checked, with when, in milliseconds since the Unix epoch. */
  services(): Promise<
    readonly { readonly service: string; readonly status: string; readonly atMs: number }[]
  >;
}
