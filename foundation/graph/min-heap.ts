// A binary heap of numbers: the smallest one is always at hand, in logarithmic time.

/** Numbers that leave in ascending order. */
export interface MinHeap {
  push(value: number): void;
  /** Takes the smallest number; undefined when there is none. */
  pop(): number | undefined;
}

/** An empty heap. It is as large as what is pushed: callers bound that. */
export function createMinHeap(): MinHeap {
  const values: number[] = [];
  const at = (index: number): number => values[index] ?? Number.POSITIVE_INFINITY;

  const push = (value: number): void => {
    let index = values.length;
    for (let parent = (index - 1) >> 1; index > 0 && at(parent) > value; parent = (index - 1) >> 1) {
      values[index] = at(parent);
      index = parent;
    }
    values[index] = value;
  };

  const sink = (value: number): void => {
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const child = at(left + 1) < at(left) ? left + 1 : left;
      if (at(child) >= value) break;
      values[index] = at(child);
      index = child;
    }
    values[index] = value;
  };

  const pop = (): number | undefined => {
    const smallest = values[0];
    const last = values.pop();
    if (last !== undefined && values.length > 0) sink(last);
    return smallest;
  };

  return { push, pop };
}
