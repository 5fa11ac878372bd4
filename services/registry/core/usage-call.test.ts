// What may be written into the ledger.
import { describe, expect, it } from '@jest/globals';
import type { Fault } from '../../../foundation/fault/fault.ts';
import { readCallEnd, readUsageCall, type UsageCallSent } from './usage-call.ts';

const sent: UsageCallSent = {
  reservationId: '0198c0de-0000-7000-8000-000000000001',
  ...{ jobId: 'job_1', taskId: 'agent-1#0', attempt: 1, number: 1 },
  ...{ agentId: 'agent-1', agentVersion: 3, domainId: 'roads', provider: 'any', model: 'model:7b' },
  ...{ inputTokensEstimate: 0, outputTokensMax: 1_024, price: undefined },
};

const fieldsOf = (work: () => unknown): readonly string[] => {
  try {
    work();
    return [];
  } catch (error) {
    return (error as Fault).violations.map(({ field }) => field);
  }
};

describe('readUsageCall', () => {
  it('takes a call without a price and without a domain', () => {
    expect(readUsageCall({ ...sent, domainId: '' })).toEqual({ ...sent, domainId: '' });
  });

  it('names everything that is wrong at once', () => {
    const wrong = {
      reservationId: 'mine',
      ...{ jobId: '', taskId: 'x'.repeat(501), attempt: 0, number: 1_000_001 },
      ...{ agentId: 'an agent', agentVersion: 0, domainId: 'Roads', provider: ' ', model: 'a\0b' },
      ...{ inputTokensEstimate: -1, outputTokensMax: 100_000_001 },
      price: {
        version: 'v',
        currency: 'EUR',
        inputPerMillion: '1',
        outputPerMillion: '',
        cachedInputPerMillion: '',
      },
    };
    expect(fieldsOf(() => readUsageCall(wrong))).toEqual([
      'reservation_id',
      'call.job_id',
      'call.task_id',
      'call.attempt',
      'call.number',
      'agent_id',
      'agent_version',
      'domain_id',
      'provider',
      'model',
      'input_tokens_estimate',
      'output_tokens_max',
      'price.output_per_million',
    ]);
  });
});

describe('readCallEnd', () => {
  it('takes every outcome, and as many cached tokens as there are tokens', () => {
    const tokens = { input: 10, output: 0, cachedInput: 10 };
    for (const outcome of ['succeeded', 'failed', 'not_sent'] as const) {
      const end = { outcome, tokens, estimated: outcome === 'failed' };
      expect(readCallEnd(end)).toEqual(end);
    }
  });

  it('names everything that is wrong at once', () => {
    const fields = ['outcome', 'input_tokens', 'output_tokens', 'cached_input_tokens'];
    const wrong = { input: -1, output: 100_000_001, cachedInput: 1 };
    expect(fieldsOf(() => readCallEnd({ outcome: undefined, tokens: wrong, estimated: false }))).toEqual(
      fields,
    );
    const tokens = { input: 5, output: 0, cachedInput: 6 };
    expect(fieldsOf(() => readCallEnd({ outcome: 'failed', tokens, estimated: false }))).toEqual([
      'cached_input_tokens',
    ]);
  });
});
