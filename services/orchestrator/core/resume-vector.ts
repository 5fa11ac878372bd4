// How far somebody has read the runs of a session or a user, as one small value. It knows neither who reads nor how the value is signed.
import { Buffer } from 'node:buffer';
import { idTimeMs } from '../../../foundation/ids/ids.ts';

/** Runs that one reader follows at the same time; more wait until others have ended, or are parked and quiet. */
export const openRunsMax = 300;
/** Ended runs that are remembered, since their ids are not older than the mark; while there are so many, new runs wait. */
export const endedRunsMax = 250;

/** How far a stream of many runs has been read. */
export interface ResumeVector {
  /**
   * Milliseconds since the Unix epoch. Runs with newer ids are unknown unless they are in `open` or `ended`; of runs with older ids `newsMs`
   * tells more.
   */
  markMs: number;
  /**
   * Milliseconds since the Unix epoch. Of a run with an older id than the mark that is neither in `open` nor in `ended`, everything that was
   * decided until this time has been read, or is none of this stream; what was decided later is unknown.
   */
  newsMs: number;
  /** By execution id: number of the last event that was read; 0 for none. */
  readonly open: Map<string, number>;
  /** Runs that have been read to their ends: by short name, the time that mark and news must pass before it is needless. */
  readonly ended: Map<string, number>;
}

/** A vector of a stream that begins: everything that was made or decided after the time is unknown. */
export function newVector(markMs: number): ResumeVector {
  return { markMs, newsMs: markMs, open: new Map(), ended: new Map() };
}

/** Ten bytes of an id as hex digits: its time and its last four random bytes. Two runs of one stream never share it in practice. */
export function shortName(executionId: string): string {
  const hex = executionId.replaceAll('-', '');
  return hex.slice(0, timeDigits) + hex.slice(-8);
}

const timeDigits = 12;

/** An id below which every id was made until this time, and above which every other was made later. */
export function lastIdAt(timeMs: number): string {
  const hex = Math.max(0, timeMs).toString(16).padStart(timeDigits, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-ffff-ffff-ffffffffffff`;
}

/** Notes that an event was read. */
export function noteEvent(vector: ResumeVector, executionId: string, { seq, atMs, last }: ReadEvent): void {
  if (!last) {
    vector.open.set(executionId, seq);
    return;
  }
  noteEnd(vector, executionId, atMs);
}

/** What is noted of an event. */
export interface ReadEvent {
  readonly seq: number;
  /** Milliseconds since the Unix epoch. */
  readonly atMs: number;
  readonly last: boolean;
}

/** Notes that nothing more of a run is to be read, whose last event was decided at a time. */
export function noteEnd({ open, ended, ...marks }: ResumeVector, executionId: string, atMs: number): void {
  open.delete(executionId);
  const untilMs = Math.ceil(Math.max(atMs, idTimeMs(executionId)) / 1_000) * 1_000;
  if (untilMs > passedMs(marks)) ended.set(shortName(executionId), untilMs);
}

/** Moves the mark, which never goes back, and forgets what it makes needless. */
export function moveMark(vector: ResumeVector, markMs: number): void {
  vector.markMs = Math.max(markMs, vector.markMs);
  forget(vector);
}

/** The same for the time of news. */
export function moveNews(vector: ResumeVector, newsMs: number): void {
  vector.newsMs = Math.max(newsMs, vector.newsMs);
  forget(vector);
}

function forget({ ended, ...marks }: ResumeVector): void {
  for (const [name, untilMs] of ended) if (untilMs <= passedMs(marks)) ended.delete(name);
}

function passedMs({ markMs, newsMs }: Pick<ResumeVector, 'markMs' | 'newsMs'>): number {
  return Math.min(markMs, newsMs);
}

const version = 2;
const headBytes = 17;
const openBytes = 20;
const nameBytes = 10;
const endedBytes = nameBytes + 4;

/** The vector as bytes: at most some 10,000 with the most runs. Of more ended runs those that ended last are kept. */
export function packVector({ markMs, newsMs, open, ended }: ResumeVector): Buffer {
  const kept = [...ended].slice(-endedRunsMax);
  const bytes = Buffer.alloc(headBytes + open.size * openBytes + kept.length * endedBytes);
  let at = bytes.writeUInt8(version, 0);
  at = bytes.writeUIntBE(markMs, at, 6);
  at = bytes.writeUIntBE(newsMs, at, 6);
  at = bytes.writeUInt16BE(open.size, at);
  at = bytes.writeUInt16BE(kept.length, at);
  for (const [id, seq] of open) {
    at += bytes.write(id.replaceAll('-', ''), at, 'hex');
    at = bytes.writeUInt32BE(seq, at);
  }
  for (const [name, untilMs] of kept) {
    at += bytes.write(name, at, 'hex');
    at = bytes.writeUInt32BE(untilMs / 1_000, at);
  }
  return bytes;
}

/** The vector in bytes that `packVector` made; undefined for those of another version. */
export function unpackVector(bytes: Buffer): ResumeVector | undefined {
  if (bytes.length < headBytes || bytes.readUInt8(0) !== version) return undefined;
  const [openCount, endedCount] = [bytes.readUInt16BE(13), bytes.readUInt16BE(15)];
  if (bytes.length !== headBytes + openCount * openBytes + endedCount * endedBytes) return undefined;
  const vector = newVector(bytes.readUIntBE(1, 6));
  vector.newsMs = bytes.readUIntBE(7, 6);
  let at = headBytes;
  for (let left = openCount; left > 0; left -= 1, at += openBytes) {
    vector.open.set(uuidOf(bytes.toString('hex', at, at + 16)), bytes.readUInt32BE(at + 16));
  }
  for (; at < bytes.length; at += endedBytes) {
    const name = bytes.toString('hex', at, at + nameBytes);
    vector.ended.set(name, bytes.readUInt32BE(at + nameBytes) * 1_000);
  }
  return vector;
}

function uuidOf(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
