// Spans leave while the process waits, none stays behind, and what is too much is lost and said.

import { setTimeout as after, setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { SpanKind, TraceFlags } from '@opentelemetry/api';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import { createLog } from './log.ts';
import { RecordedSpan } from './recorded-span.ts';
import { createSpanQueue, type SpanQueue, type SpanQueueLimits, spanQueueLimits } from './span-queue.ts';

const limits: SpanQueueLimits = {
  ...{ delayMs: 60_000, waitingMax: 1_000, sliceSpans: 10, requestSpansMax: 100, requestsMax: 3 },
};
const home = {
  ...{ resource: resourceFromAttributes({}), scope: { name: 'test' }, attributeCharactersMax: 100 },
  ended: () => undefined,
};
const context = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: TraceFlags.SAMPLED };

function spanOf(name: string): RecordedSpan {
  const start = { name, kind: SpanKind.INTERNAL, context, parent: undefined, trace: undefined };
  return new RecordedSpan(home, { ...start, attributes: {}, links: [], startMs: 1_000 });
}

/** A collector that answers when it is told to. */
function collector() {
  const requests: { readonly names: readonly string[]; readonly answer: () => void }[] = [];
  let arrived = Promise.withResolvers<void>();
  let isClosed = false;
  const exporter: SpanExporter = {
    export(spans: ReadableSpan[], done: (result: ExportResult) => void) {
      const names = spans.map(({ name }) => name);
      requests.push({ names, answer: () => done({ code: ExportResultCode.SUCCESS }) });
      arrived.resolve();
      arrived = Promise.withResolvers();
    },
    shutdown: async () => {
      isClosed = true;
    },
  };
  return {
    ...{ exporter, requests },
    isClosed: () => isClosed,
    names: () => requests.flatMap(({ names }) => names),
    next: () => arrived.promise,
  };
}

let time = 0;
let queue: SpanQueue;
function start(changed: Partial<SpanQueueLimits> = {}) {
  time = 0;
  const { exporter, ...rest } = collector();
  const lines: { readonly msg: string; readonly spans?: number }[] = [];
  const log = createLog({
    ...{ service: 'test', level: 'info' },
    destination: { write: (line: string) => void lines.push(JSON.parse(line)) },
  });
  queue = createSpanQueue({ exporter, log, limits: { ...limits, ...changed }, monotonicMs: () => time });
  let count = 0;
  const end = (spans: number): void => {
    for (let i = 0; i < spans; i += 1, count += 1) queue.add(spanOf(`${count}`));
  };
  return { ...rest, end, lines };
}

const turns = async (many: number, each: () => void = () => undefined): Promise<void> => {
  for (let i = 0; i < many; i += 1) {
    each();
    await nextTurn();
  }
};

describe('ended spans', () => {
  it('leave together after a while when they are few', async () => {
    const { end, names, next } = start({ delayMs: 5 });
    const arrived = next();
    end(3);
    expect(names()).toEqual([]);
    await arrived;
    expect(names()).toEqual(['0', '1', '2']);
  });

  it('leave at once when they are many and the process has nothing to do', async () => {
    const { end, requests, next } = start();
    const arrived = next();
    end(25);
    await arrived;
    expect(requests[0]?.names).toHaveLength(limits.sliceSpans);
    await turns(5);
    // The rest is less than a slice and waits for its time.
    expect(requests.map(({ names }) => names.length)).toEqual([10, 10]);
  });

  it('wait while the process is busy', async () => {
    const { end, names } = start();
    end(20);
    await turns(10, () => end(1));
    expect(names()).toEqual([]);
    await turns(3);
    expect(names().length).toBeGreaterThan(0);
  });

  it.each([
    {
      why: 'they have waited for long',
      each: 1,
      more: () => {
        time += limits.delayMs;
      },
    },
    { why: 'a whole request waits', each: 50, more: () => undefined },
  ])('leave though the process is busy once $why', async ({ each, more }) => {
    const { end, names } = start();
    end(20);
    await turns(10, () => {
      end(each);
      more();
    });
    expect(names().length).toBeGreaterThan(0);
  });

  it('leave in larger requests to a collector that is slow, no more than so many at the same time', async () => {
    const { end, requests } = start();
    end(900);
    await turns(20);
    expect(requests.map(({ names }) => names.length)).toEqual([100, 100, 100]);
    requests[0]?.answer();
    await turns(20);
    expect(requests).toHaveLength(4);
    expect(requests.flatMap(({ names }) => names)).toEqual(Array.from({ length: 400 }, (_, at) => `${at}`));
  });

  it('leave too when they ended while the collector had enough to do, and none ends after them', async () => {
    const { end, requests, names, next } = start({ delayMs: 1, requestsMax: 1, requestSpansMax: 10 });
    const arrived = next();
    end(20);
    await arrived;
    // The first have waited long enough by now; these have not.
    await after(1);
    end(3);
    for (let at = 0; names().length < 23; at += 1) {
      const another = next();
      requests[at]?.answer();
      await another;
    }
    expect(names()).toHaveLength(23);
  });

  it('are lost beyond what may wait, which is said once, and how many when it is over', async () => {
    const { end, requests, lines } = start({ waitingMax: 50, requestsMax: 1 });
    end(57);
    expect(lines).toMatchObject([{ msg: 'More spans end than the collector takes: some are lost' }]);
    await turns(5);
    const flushed = queue.flush();
    for (const { answer } of requests) answer();
    await flushed;
    end(1);
    expect(lines).toMatchObject([
      {},
      { msg: 'No span waits for the collector any more; these were lost before', spans: 7 },
    ]);
  });

  it('have all been answered after a flush', async () => {
    const { end, requests, names } = start();
    end(250);
    let isFlushed = false;
    const flushed = queue.flush().then(() => {
      isFlushed = true;
    });
    expect(names()).toHaveLength(250);
    for (const { answer } of requests.slice(1)) answer();
    await turns(3);
    expect(isFlushed).toBe(false);
    requests[0]?.answer();
    await flushed;
  });

  it('have all left when the process stops, and later ones go nowhere', async () => {
    const { end, requests, names, isClosed } = start();
    end(5);
    const stopped = queue.shutdown();
    end(1);
    for (const { answer } of requests) answer();
    await stopped;
    end(limits.sliceSpans);
    await turns(3);
    expect(names()).toEqual(['0', '1', '2', '3', '4']);
    expect(isClosed()).toBe(true);
  });

  it('may be as many as the exporter has requests for, when all leave at once', () => {
    const { waitingMax, requestSpansMax, requestsMax } = spanQueueLimits;
    // The exporter refuses the 31st request.
    expect(requestsMax + Math.ceil(waitingMax / requestSpansMax)).toBeLessThanOrEqual(30);
  });
});

afterEach(async () => {
  await turns(1);
});
