// Lists that are read by how many rows to pass over, such as those of workers, tasks and workflows.
import type { ListOptions } from './list-options.ts';

/** Rows that one request may ask for. */
const partMax = 1_000;

/** Which rows a request asks for. */
export interface RowPart {
  readonly limit: number;
  readonly offset: number;
}

/** A part of a list. */
export interface ReadPart<R> {
  readonly rows: readonly R[];
  /** How many rows there are in all. */
  readonly total: number;
}

/** Every row, a part after the other, read as they are taken. */
export async function* offsetRows<R>(
  { limit, all }: ListOptions,
  read: (part: RowPart) => Promise<ReadPart<R>>,
): AsyncGenerator<R, void> {
  const size = all === true ? partMax : Math.min(limit, partMax);
  for (let offset = 0; ; ) {
    const { rows, total } = await read({ limit: size, offset });
    yield* rows;
    offset += rows.length;
    if (rows.length === 0 || offset >= total) return;
  }
}
