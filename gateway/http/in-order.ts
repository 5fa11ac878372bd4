// Works on items while they arrive, several at a time, and gives the results in the order of the items.

/**
 * The results of `work`, each as soon as it and all before it are there. At most `inFlightMax` items are begun and not yet taken; nothing is
 * begun while nobody takes. Leaving early begins nothing more; what is under way goes on.
 */
export async function* inOrder<T, R>(
  items: AsyncIterable<T>,
  inFlightMax: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const source = items[Symbol.asyncIterator]();
  const underWay: Promise<R>[] = [];
  let reading: Promise<IteratorResult<T>> | undefined;
  let isOver = false;
  try {
    for (;;) {
      if (!isOver && !reading && underWay.length < inFlightMax) reading = noted(source.next());
      const [oldest] = underWay;
      if (reading && (await firstOf(oldest, reading)) === 'read') {
        const step = await reading;
        reading = undefined;
        isOver = step.done === true;
        if (!step.done) underWay.push(noted(work(step.value)));
      } else if (oldest) {
        yield await oldest;
        underWay.shift();
      } else return;
    }
  } finally {
    await source.return?.();
  }
}

// Results before items, so that nothing waits which is ready.
async function firstOf(
  oldest: Promise<unknown> | undefined,
  reading: Promise<unknown>,
): Promise<'result' | 'read'> {
  const read = reading.then(() => 'read' as const);
  return oldest ? Promise.race([oldest.then(() => 'result' as const), read]) : read;
}

// A rejection is met when its turn comes; until then it is no unhandled one.
function noted<P extends Promise<unknown>>(promise: P): P {
  promise.catch(() => undefined);
  return promise;
}
