// Lists that go by numbers are read whole, and no further than is taken.
import { expect, it } from '@jest/globals';
import { takeRows } from './list-options.ts';
import { offsetRows, type RowPart } from './offset-rows.ts';

const total = 2_345;

function list() {
  const asked: RowPart[] = [];
  const read = async (part: RowPart) => {
    asked.push(part);
    const rows = Array.from(
      { length: Math.min(part.limit, total - part.offset) },
      (_, at) => part.offset + at,
    );
    return { rows, total };
  };
  return { asked, read };
}

it.each([
  [{ limit: 20 }, 20, [{ limit: 20, offset: 0 }]],
  [
    { limit: 1_500 },
    1_500,
    [
      { limit: 1_000, offset: 0 },
      { limit: 1_000, offset: 1_000 },
    ],
  ],
  [{ limit: 20, all: true }, total, [0, 1_000, 2_000].map((offset) => ({ limit: 1_000, offset }))],
])('%j are %i rows', async (options, count, parts) => {
  const { asked, read } = list();
  const rows = await takeRows(offsetRows(options, read), options);
  expect(rows).toEqual(Array.from({ length: count }, (_, at) => at));
  expect(asked).toEqual(parts);
});

it('ends where a list has become shorter', async () => {
  const read = async ({ offset }: RowPart) => ({ rows: offset === 0 ? [1, 2] : [], total: 5 });
  expect(await Array.fromAsync(offsetRows({ limit: 2 }, read))).toEqual([1, 2]);
});
