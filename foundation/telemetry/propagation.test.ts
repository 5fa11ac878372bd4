// Trace context survives headers and rows unchanged, and malformed context counts as none.
import { describe, expect, it } from '@jest/globals';
import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import {
  extractHeaders,
  injectHeaders,
  restoreTrace,
  storeTrace,
  traceIdOf,
  traceStateCharactersMax,
} from './propagation.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const traceparent = `00-${traceId}-b7ad6b7169203331-01`;

describe('trace propagation', () => {
  it('carries trace, span, decision and state through headers', () => {
    const incoming = extractHeaders(new Headers({ traceparent, tracestate: 'vendor=a' }));
    expect(trace.getSpanContext(incoming)).toMatchObject({ traceId, isRemote: true, traceFlags: 1 });
    const outgoing = new Headers();
    injectHeaders(incoming, outgoing);
    expect(outgoing.get('traceparent')).toBe(traceparent);
    expect(outgoing.get('tracestate')).toBe('vendor=a');
  });

  it('carries the same through a stored row', () => {
    const stored = storeTrace(extractHeaders(new Headers({ traceparent, tracestate: 'vendor=a' })));
    expect(stored).toEqual({ traceparent, tracestate: 'vendor=a' });
    expect(traceIdOf(restoreTrace(stored))).toBe(traceId);
  });

  it('stores null when there is no state', () => {
    expect(storeTrace(extractHeaders(new Headers({ traceparent })))).toEqual({
      traceparent,
      tracestate: null,
    });
  });

  it.each([
    '',
    'nonsense',
    '00-00000000000000000000000000000000-b7ad6b7169203331-01',
    `ff-${traceId}-b7ad6b7169203331-01`,
  ])('takes %j for no context', (text) => {
    expect(extractHeaders(new Headers({ traceparent: text }))).toBe(ROOT_CONTEXT);
    expect(restoreTrace({ traceparent: text, tracestate: null })).toBe(ROOT_CONTEXT);
  });

  it('takes a stored row that cannot be a header for no context', () => {
    expect(restoreTrace({ traceparent: 'line\nbreak', tracestate: 'line\nbreak' })).toBe(ROOT_CONTEXT);
    expect(restoreTrace(undefined)).toBe(ROOT_CONTEXT);
  });

  it('leaves out a state that is too long and keeps the trace', () => {
    const tracestate = `vendor=${'a'.repeat(traceStateCharactersMax)}`;
    const incoming = extractHeaders(new Headers({ traceparent, tracestate }));
    expect(storeTrace(incoming)).toEqual({ traceparent, tracestate: null });
  });

  it('has nothing to store or send without a span', () => {
    const headers = new Headers();
    injectHeaders(ROOT_CONTEXT, headers);
    expect([...headers]).toEqual([]);
    expect(storeTrace(ROOT_CONTEXT)).toBeUndefined();
    expect(traceIdOf(ROOT_CONTEXT)).toBeUndefined();
  });
});
