// A log line says when, who and within which trace, and never shows a secret.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { createLog, type Log, type LogLevel } from './log.ts';
import { withLogFields } from './log-fields.ts';
import { restoreTrace } from './propagation.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';
const inTrace = restoreTrace({ traceparent: `00-${traceId}-${spanId}-01`, tracestate: null });

function captured(level: LogLevel = 'info'): { log: Log; lines: () => Record<string, unknown>[] } {
  const written: string[] = [];
  const log = createLog({
    service: 'registry',
    level,
    destination: { write: (line) => void written.push(line) },
  });
  return { log, lines: () => written.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe('a log', () => {
  beforeAll(() => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager());
  });

  it('writes one JSON object per event with service, level and ISO time', () => {
    const { log, lines } = captured();
    log.info({ count: 2 }, 'Agents listed');
    const [line] = lines();
    expect(line).toMatchObject({ service: 'registry', level: 'info', count: 2, msg: 'Agents listed' });
    expect(new Date(String(line?.time)).toISOString()).toBe(line?.time);
  });

  it('carries the ids of the active trace', () => {
    const { log, lines } = captured();
    context.with(inTrace, () => log.info('inside'));
    log.info('outside');
    expect(lines()[0]).toMatchObject({ trace_id: traceId, span_id: spanId });
    expect(lines()[1]).not.toHaveProperty('trace_id');
  });

  it('carries the fields of the context, the newest value winning', () => {
    const { log, lines } = captured();
    const outer = withLogFields(ROOT_CONTEXT, { tenant_id: 't1', principal: 'u1' });
    context.with(withLogFields(outer, { principal: 'u2' }), () => log.info('inside'));
    expect(lines()[0]).toMatchObject({ tenant_id: 't1', principal: 'u2' });
  });

  it('masks secrets in fields, child bindings, error texts and sentences', () => {
    const { log, lines } = captured();
    log.info({ headers: { authorization: 'do-not-show' } }, 'calling with Bearer do-not-show');
    log.child({ token: 'do-not-show' }).info('child');
    log.error({ err: new Error('connect postgres://app:do-not-show@db failed') }, 'failed');
    log.error(new Error('password=do-not-show'));
    expect(lines()).toHaveLength(4);
    expect(JSON.stringify(lines())).not.toContain('do-not-show');
    expect(lines()[2]).toMatchObject({ err: { message: 'connect postgres://[masked]@db failed' } });
  });

  it('writes nothing below its level', () => {
    const { log, lines } = captured('warn');
    log.info('not written');
    log.warn('written');
    expect(lines().map(({ msg }) => msg)).toEqual(['written']);
  });

  describe('in a file', () => {
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'log-'));
    });
    afterAll(() => rm(folder, { recursive: true }));

    it('has every line once it is flushed', async () => {
      const filePath = join(folder, 'made', 'flushed.log');
      const log = createLog({ service: 'registry', level: 'info', destination: { filePath } });
      for (let count = 0; count < 200; count += 1) log.info({ count }, 'Counted');
      await new Promise((resolve) => log.flush(resolve));
      const lines = (await readFile(filePath, 'utf8')).trim().split('\n');
      expect(lines.map((line) => JSON.parse(line).count)).toEqual(Array.from({ length: 200 }, (_, i) => i));
    });

    it('has a line soon that no other follows', async () => {
      const filePath = join(folder, 'alone.log');
      createLog({ service: 'registry', level: 'info', destination: { filePath } }).info('Alone');
      const read = () => readFile(filePath, 'utf8').catch(() => '');
      while (!(await read()).includes('Alone')) await new Promise(setImmediate);
    });
  });
});
