// Brings uploads to their places in a new report: first all are looked at, then the document is put, then they are copied. What is in place
// already stays, so the whole can be repeated after a failure at any point.
import { Fault, invalidArgument } from '../../../foundation/fault/fault.ts';
import { missingUpload } from '../core/image-address.ts';
import type { ImageMove } from '../core/image-moves.ts';
import type { ObjectStore } from '../store/store.ts';
import { checksumOf } from './image-content.ts';

/** An upload that is there, still as it was checked. */
export interface ReadyMove extends ImageMove {
  /** Names the bytes that were looked at. */
  readonly etag: string;
}

/** The moves that are still to be made. Fault `invalid_argument` names every upload that has gone or changed since it was checked. */
export async function readyMoves(
  objects: ObjectStore,
  moves: readonly ImageMove[],
): Promise<readonly ReadyMove[]> {
  const ready: ReadyMove[] = [];
  const problems: { field: string; reason: string }[] = [];
  for (const move of moves) {
    if (await objects.has(move.to)) continue;
    const upload = await objects.read(move.from);
    const isSame = upload?.data !== undefined && checksumOf(upload.data) === move.checksum;
    if (isSame) ready.push({ ...move, etag: upload.etag });
    else {
      const reason = upload ? 'has been uploaded again since it was checked' : missingUpload;
      problems.push({ field: `images[${move.position}]`, reason });
    }
  }
  if (problems.length > 0) throw invalidArgument(problems);
  return ready;
}

/** Makes the moves. Fault `aborted` when an upload has changed since it was looked at: it was never part of the report. */
export async function makeMoves(objects: ObjectStore, moves: readonly ReadyMove[]): Promise<void> {
  const copied = await Promise.all(moves.map(({ from, to, etag }) => objects.copy({ key: from, etag }, to)));
  if (copied.every(Boolean)) return;
  throw new Fault('aborted', 'An image was uploaded again while the report took it', { retryAfterMs: 100 });
}
