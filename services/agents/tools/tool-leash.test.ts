// The leash: which calls are made, which are refused, and what is told of both.
import { describe, expect, it } from '@jest/globals';
import { ProxyTracerProvider } from '@opentelemetry/api';
import { Fault } from '../../../foundation/fault/fault.ts';
import type { ToolCallNotice } from '../core/invocation.ts';
import { createToolLeash, toolCallsMax } from './tool-leash.ts';

const tracer = new ProxyTracerProvider().getTracer('test');

function leashed(capability = 'query', granted = ['retrieval_api', 'web_search']) {
  const told: ToolCallNotice[] = [];
  const leash = createToolLeash({
    tracer,
    tools: ['retrieval_api', 'spatial_api'],
    granted: new Set(granted),
    capability,
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
    expect(told).toEqual([
      { toolName: 'retrieval_api', arguments: { limit: 1 }, errorCode: '' },
      { toolName: 'retrieval_api', arguments: { limit: 1 }, errorCode: '', durationMs: expect.any(Number) },
    ]);
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
    expect(told).toMatchObject([{ errorCode: 'permission_denied', durationMs: 0 }]);
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
    await expect(call()).rejects.toMatchObject({ reason: 'resource_exhausted' });
  });
});
