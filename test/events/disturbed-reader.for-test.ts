// A reader of event streams whose connection is cut again and again, at any byte: before the answer begins, in a frame, between two. It goes
// on after the last frame that it has whole, and keeps what it read.
import { request } from 'node:http';
import { frameOf, type TestFrame } from '../../gateway/http/event-client.for-test.ts';

/** What it read, and how it came to it. */
export interface DisturbedReading {
  /** Events in the order in which they came, comments and times to wait left out. */
  readonly events: readonly TestFrame[];
  readonly cuts: number;
}

/** How a stream is read. */
export interface DisturbedReader {
  readonly url: string;
  readonly token: string;
  /** True once the events are all that there will be; a stream that ends by itself is over in any case. */
  readonly isWhole: (events: readonly TestFrame[]) => boolean;
  /** Told when the place has an id to go on after, which a stream that begins now has none of before. */
  readonly onPlace?: () => void;
  /** From 0 to 1, below 1. */
  readonly chance: () => number;
}

/** Most bytes of an answer that are read before it is cut. */
const pieceBytesMax = 3_000;

interface Piece {
  readonly text: string;
  /** True when the server ended it. */
  readonly isOver: boolean;
  readonly status: number;
}

/** Reads a stream to its end through one cut after the other. */
export async function readDisturbed(reader: DisturbedReader): Promise<DisturbedReading> {
  const events: TestFrame[] = [];
  let lastId: string | undefined;
  let cuts = 0;
  // The first place is waited for: what happened before a stream began is not told.
  if (reader.onPlace) {
    const { text } = await readPiece(reader, { isEnough: (read) => placeIn(framesIn(read)) !== undefined });
    lastId = placeIn(framesIn(text));
    reader.onPlace();
  }
  while (!reader.isWhole(events)) {
    const bytes = reader.chance() < 0.1 ? -1 : Math.floor(reader.chance() * pieceBytesMax);
    const isEnough = (read: string) => reader.isWhole([...events, ...eventsOf(framesIn(read))]);
    const { text, isOver, status } = await readPiece(reader, { lastId, bytes, isEnough });
    const frames = framesIn(text);
    events.push(...eventsOf(frames));
    lastId = placeIn(frames) ?? lastId;
    if (status >= 300) throw new Error(`A stream was answered with ${status}: ${text}`);
    if (status === 204 || (isOver && events.at(-1)?.event === 'end')) break;
    cuts += 1;
  }
  return { events, cuts };
}

/** The frames of which all was read. */
function framesIn(text: string): readonly TestFrame[] {
  const whole = text.slice(0, text.lastIndexOf('\n\n') + 1).split('\n\n');
  return whole.filter((part) => part.trim() !== '').map((part) => frameOf(part.trim()));
}

function placeIn(frames: readonly TestFrame[]): string | undefined {
  return frames.findLast(({ id }) => id !== undefined)?.id;
}

function eventsOf(frames: readonly TestFrame[]): readonly TestFrame[] {
  return frames.filter(({ data }) => data !== undefined);
}

interface PieceRequest {
  readonly lastId?: string | undefined;
  /** Where it is cut: -1 before the answer begins; absent for nowhere. */
  readonly bytes?: number;
  /** True where it is left because nothing more is wanted. */
  readonly isEnough: (read: string) => boolean;
}

function readPiece({ url, token }: DisturbedReader, wanted: PieceRequest): Promise<Piece> {
  const { lastId, bytes, isEnough } = wanted;
  const { promise, resolve, reject } = Promise.withResolvers<Piece>();
  const place = lastId === undefined ? {} : { 'last-event-id': lastId };
  const sent = request(url, { headers: { authorization: `Bearer ${token}`, ...place }, agent: false });
  const cut = (text: string, status: number): void => {
    resolve({ text, status, isOver: false });
    sent.destroy();
  };
  sent.on('error', reject);
  if (bytes === -1) sent.on('finish', () => setImmediate(cut, '', 0));
  sent.on('response', (answer) => {
    const { statusCode: status = 0 } = answer;
    let read = Buffer.alloc(0);
    answer.on('error', () => undefined); // it was cut
    answer.on('data', (chunk: Buffer) => {
      read = Buffer.concat([read, chunk]);
      if (bytes !== undefined && read.length > bytes) cut(read.toString('utf8', 0, bytes), status);
      else if (isEnough(read.toString('utf8'))) cut(read.toString('utf8'), status);
    });
    answer.on('end', () => resolve({ text: read.toString('utf8'), status, isOver: true }));
  });
  sent.end();
  return promise;
}
