// How far somebody has read the runs of a session or a user, as one small value. It knows neither who reads nor how the value is signed.
import { Buffer } from 'node:buffer';
import type { StoreView } from './watch-reads.ts';

/** Runs that one reader follows, or has read to their ends since the last search, while nothing is left over. */
export const placesMax = 160;
/** More runs of which a reader is told what a search has found, and no more; others wait until these have been told. */
export const passingMax = 80;

/** Where one run was read. */
export interface RunPlace {
  /** Number of the last event that was read; 0 for none. */
  readonly seq: number;
  /** Number of the last event that the rest of the vector counts as read. */
  readonly covered: number;
  /** True once nothing more of it follows. */
  readonly ended: boolean;
}

/** A search that has not come to its end. */
export interface SearchPlace {
  /** What its first part saw. */
  readonly view: StoreView;
  /** Runs up to this id are through: all that the view shows of them counts as read. */
  readonly untilId: string;
}

/** How far a stream of many runs has been read: everything that a view of the store shows, but for the runs that are named. */
export interface ResumeVector {
  /** Everything that this view shows has been read, or is none of this stream. */
  seen: StoreView;
  /** Absent while no search is under way. */
  search: SearchPlace | undefined;
  /** By execution id: runs that were read to another place than `seen` and `search` say. */
  readonly runs: Map<string, RunPlace>;
}

/** A vector of a stream that begins: everything that the view does not show is unknown. */
export function newVector(seen: StoreView): ResumeVector {
  return { seen, search: undefined, runs: new Map() };
}

const timeDigits = 12;

/** An id below which every id was made until this time, and above which every other was made later. */
export function lastIdAt(timeMs: number): string {
  const hex = Math.max(0, timeMs).toString(16).padStart(timeDigits, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-ffff-ffff-ffffffffffff`;
}

/** Notes where a run was read; one that was read as far as the rest of the vector says needs no mention. */
export function notePlace({ runs }: ResumeVector, executionId: string, place: RunPlace): void {
  if (place.seq === place.covered) runs.delete(executionId);
  else runs.set(executionId, place);
}

const version = 3;
/** Transactions under way in one view. */
const pendingMax = 1_000;

/** The vector as bytes: at most some 5,300 with the most runs, and two more for each transaction that is under way in a view. */
export function packVector({ seen, search, runs }: ResumeVector): Buffer {
  const bytes: number[] = [version];
  putView(bytes, seen);
  bytes.push(search ? 1 : 0);
  if (search) {
    putView(bytes, search.view);
    putId(bytes, search.untilId);
  }
  putNumber(bytes, runs.size);
  for (const [id, { seq, covered, ended }] of runs) {
    putId(bytes, id);
    putNumber(bytes, seq * 2 + (ended ? 1 : 0));
    putNumber(bytes, covered);
  }
  return Buffer.from(bytes);
}

/** The vector in bytes that `packVector` made; undefined for those of another version. */
export function unpackVector(bytes: Buffer): ResumeVector | undefined {
  if (bytes[0] !== version) return undefined;
  const from: Reading = { bytes, at: 1 };
  const vector = newVector(takeView(from));
  if (takeNumber(from) === 1) vector.search = { view: takeView(from), untilId: takeId(from) };
  const count = takeNumber(from);
  if (!(count <= bytes.length)) return undefined;
  for (let left = count; left > 0; left -= 1) {
    const id = takeId(from);
    const told = takeNumber(from);
    const place = { seq: Math.floor(told / 2), covered: takeNumber(from), ended: told % 2 === 1 };
    vector.runs.set(id, place);
  }
  return from.at === bytes.length ? vector : undefined;
}

interface Reading {
  readonly bytes: Buffer;
  at: number;
}

// Seven bits in each byte, the lowest first; the last byte has its highest bit clear.
function putNumber(bytes: number[], number: number): void {
  let rest = number;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  bytes.push(rest);
}

function takeNumber(from: Reading): number {
  let number = 0;
  for (let factor = 1; ; factor *= 128) {
    const byte = from.bytes[from.at];
    from.at += 1;
    if (byte === undefined) return Number.NaN;
    number += (byte % 128) * factor;
    if (byte < 128) return number;
  }
}

function putId(bytes: number[], id: string): void {
  bytes.push(...Buffer.from(id.replaceAll('-', ''), 'hex'));
}

function takeId(from: Reading): string {
  const hex = from.bytes.toString('hex', from.at, from.at + 16);
  from.at += 16;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function putView(bytes: number[], { atMs, oldest, next, pending }: StoreView): void {
  for (const number of [atMs, oldest, next - oldest, pending.length]) putNumber(bytes, number);
  for (const each of pending) putNumber(bytes, each - oldest);
}

function takeView(from: Reading): StoreView {
  const [atMs, oldest] = [takeNumber(from), takeNumber(from)];
  const next = oldest + takeNumber(from);
  const count = Math.min(takeNumber(from), pendingMax);
  const pending = Array.from({ length: count || 0 }, () => oldest + takeNumber(from));
  return { atMs, oldest, next, pending };
}
