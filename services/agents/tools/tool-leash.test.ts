// The leash: which calls are made, which are refused, and what is told of both.
import { describe, expect, it } from '@jest/globals';
import { ProxyTracerProvider } from '@opentelemetry/api';
import { Fault } from '../../../foundation/fault/fault.ts';
import type { ToolCallNotice } from '../core/invocation.ts';
import { type ToolCallAllowance, toolCallsMax } from '../core/tool-call-allowance.ts';
import { createToolLeash, refusalsToldMax } from './tool-leash.ts';

const tracer = new ProxyTracerProvider().getTracer('test');

const list = ['retrieval_api', 'web_search'];

function leashed(capability = 'query', granted = list, allowance?: ToolCallAllowance) {
  const told: ToolCallNotice[] = [];
  const leash = createToolLeash({
    tracer,
    tools: ['retrieval_api', 'spatial_api'],
    granted: new Set(granted),
    capability,
    ...(allowance ? { allowance } : {}),
    tell: (one) => told.push(one),
  });
  const call = (
    run: () => Promise<string> = async () => 'found',
    more: { readonly toolName?: string; readonly effect?: 'read' | 'update' } = {},
  ) => leash({ toolName: 'retrieval_api', effect: 'read', arguments: { limit: 1 }, run, ...more });
  return { told, call };
}

describe('the leash', () => {
  it('makes a call and tells when it begins and when it has ended', async () => {
    const { told, call } = leashed();
    const during: number[] = [];
    const answer = await call(async () => {
      during.push(told.length);
      return 'found';
    });
    expect(answer).toBe('found');
    expect(during).toEqual([1]);
    const one = { toolName: 'retrieval_api', number: 1, errorCode: '' };
    expect(told).toEqual([
      { ...one, arguments: { limit: 1 } },
      {
        ...{ ...one, arguments: {}, durationMs: expect.any(Number) },
        given: { text: '{"limit":1}', bytes: 11, sha256: '' },
        answered: { text: '"found"', bytes: 7, sha256: '' },
      },
    ]);
  });

  it('counts calls in the order of their beginnings, whichever ends first', async () => {
    const { told, call } = leashed();
    const slow = Promise.withResolvers<string>();
    const first = call(() => slow.promise);
    await call();
    slow.resolve('late');
    await first;
    expect(told.map(({ number, answered }) => [number, answered?.text])).toEqual([
      [1, undefined],
      [2, undefined],
      [2, '"found"'],
      [1, '"late"'],
    ]);
  });

  it('tells of a long answer its beginning, its size and its hash', async () => {
    const { told, call } = leashed();
    await call(async () => 'x'.repeat(100_000));
    const { text = '', bytes, sha256 } = told.at(-1)?.answered ?? {};
    expect([text.length, bytes]).toEqual([8_192, 100_002]);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    ['a tool that is granted but not on the list', { toolName: 'web_search' }],
    ['a tool that is on the list but not granted', { toolName: 'spatial_api' }],
    ['an effect that the run may not have', { effect: 'update' as const }],
  ])('refuses %s without making the call, and tells it', async (_name, more) => {
    const { told, call } = leashed();
    let made = false;
    const refused = call(async () => {
      made = true;
      return 'found';
    }, more);
    await expect(refused).rejects.toMatchObject({ reason: 'permission_denied' });
    expect(made).toBe(false);
    expect(told).toEqual([
      expect.objectContaining({ number: 1, errorCode: 'permission_denied', durationMs: 0 }),
    ]);
    expect(told[0]).toMatchObject({ given: { text: '{"limit":1}' } });
    expect(told[0]).not.toHaveProperty('answered');
  });

  it('lets a management run update and a query run not', async () => {
    const update = { effect: 'update' as const };
    await expect(leashed('management').call(undefined, update)).resolves.toBe('found');
    await expect(leashed('query').call(undefined, update)).rejects.toThrow();
  });

  it('tells how a call failed and throws what it threw', async () => {
    const { told, call } = leashed();
    const fault = new Fault('unavailable', 'The index is away');
    await expect(call(() => Promise.reject(fault))).rejects.toBe(fault);
    expect(told.at(-1)).toMatchObject({ errorCode: 'dependency_unavailable' });
  });

  it('ends after so many calls, refused ones not counted', async () => {
    const { call } = leashed();
    await call(undefined, { toolName: 'web_search' }).catch(() => undefined);
    for (let made = 0; made < toolCallsMax; made += 1) await call();
    await expect(call()).rejects.toMatchObject({
      reason: 'resource_exhausted',
      message: 'A task may call tools 20 times',
    });
  });

  it('ends sooner where less is left of the execution, and says so', async () => {
    const { told, call } = leashed('query', list, { left: 2, executionMax: 100 });
    await call();
    await call();
    await expect(call()).rejects.toMatchObject({
      reason: 'resource_exhausted',
      message: expect.stringContaining('An execution may call tools 100 times'),
    });
    expect(told.at(-1)).toMatchObject({ number: 3, errorCode: 'limit_reached' });
  });

  it('tells of so many refused calls that those which are made are always told', async () => {
    const { told, call } = leashed();
    for (let asked = 0; asked < refusalsToldMax + 5; asked += 1) {
      await call(undefined, { toolName: 'web_search' }).catch(() => undefined);
    }
    expect(told).toHaveLength(refusalsToldMax);
    await call();
    expect(told.slice(refusalsToldMax)).toMatchObject([
      { number: 61 },
      { number: 61, durationMs: expect.anything() },
    ]);
  });
});
