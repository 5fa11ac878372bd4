// How far somebody has read the runs of a session or a user, as one small value. It knows neither who reads nor how the value is signed.
import { Buffer } from 'node:buffer';
import { idTimeMs } from '../../../foundation/ids/ids.ts';

/** Runs that one reader follows at the same time; more wait until others have ended. */
export const openRunsMax = 100;
/** Ended runs that are remembered, since their ids are not older than the mark; while there are so many, new runs wait. */
export const endedRunsMax = 300;

/** How far a stream of many runs has been read. */
export interface ResumeVector {
  /**
   * Milliseconds since the Unix epoch. Every run with an older id is in `open`, has been read to its end, or is none of this stream; runs
   * with newer ids are unknown unless they are in `open` or `ended`.
   */
  markMs: number;
  /** By execution id: number of the last event that was read; 0 for none. */
  readonly open: Map<string, number>;
  /** Short names of runs that have been read to their ends. */
  readonly ended: Set<string>;
}

/** A vector of a stream that begins. */
export function newVector(markMs: number): ResumeVector {
  return { markMs, open: new Map(), ended: new Set() };
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
export function noteEvent(vector: ResumeVector, executionId: string, { seq, last }: ReadEvent): void {
  if (!last) {
    vector.open.set(executionId, seq);
    return;
  }
  noteEnd(vector, executionId);
}

/** What is noted of an event. */
export interface ReadEvent {
  readonly seq: number;
  readonly last: boolean;
}

/** Notes that nothing more of a run is to be read. */
export function noteEnd({ open, ended, markMs }: ResumeVector, executionId: string): void {
  open.delete(executionId);
  if (idTimeMs(executionId) > markMs) ended.add(shortName(executionId));
}

/** Moves the mark, which never goes back, and forgets what it makes needless. */
export function moveMark(vector: ResumeVector, markMs: number): void {
  if (markMs <= vector.markMs) return;
  vector.markMs = markMs;
  for (const name of vector.ended) if (timeOf(name) <= markMs) vector.ended.delete(name);
}

function timeOf(name: string): number {
  return Number.parseInt(name.slice(0, timeDigits), 16);
}

const version = 1;
const headBytes = 11;
const openBytes = 20;
const endedBytes = 10;

/** The vector as bytes: at most some 5,000 with the most runs. */
export function packVector({ markMs, open, ended }: ResumeVector): Buffer {
  const bytes = Buffer.alloc(headBytes + open.size * openBytes + ended.size * endedBytes);
  let at = bytes.writeUInt8(version, 0);
  at = bytes.writeUIntBE(markMs, at, 6);
  at = bytes.writeUInt16BE(open.size, at);
  at = bytes.writeUInt16BE(ended.size, at);
  for (const [id, seq] of open) {
    at += bytes.write(id.replaceAll('-', ''), at, 'hex');
    at = bytes.writeUInt32BE(seq, at);
  }
  for (const name of ended) at += bytes.write(name, at, 'hex');
  return bytes;
}

/** The vector in bytes that `packVector` made; undefined for those of another version. */
export function unpackVector(bytes: Buffer): ResumeVector | undefined {
  if (bytes.length < headBytes || bytes.readUInt8(0) !== version) return undefined;
  const [openCount, endedCount] = [bytes.readUInt16BE(7), bytes.readUInt16BE(9)];
  if (bytes.length !== headBytes + openCount * openBytes + endedCount * endedBytes) return undefined;
  const vector = newVector(bytes.readUIntBE(1, 6));
  let at = headBytes;
  for (let left = openCount; left > 0; left -= 1, at += openBytes) {
    vector.open.set(uuidOf(bytes.toString('hex', at, at + 16)), bytes.readUInt32BE(at + 16));
  }
  for (; at < bytes.length; at += endedBytes) vector.ended.add(bytes.toString('hex', at, at + endedBytes));
  return vector;
}

function uuidOf(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
