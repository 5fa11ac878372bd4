// The schema of usage, an example, and what calls can be summed up by.
import { UsageGrouping } from '../../proto/gen/domainflow/registry/v1/usage_pb.js';
import {
  answerObject,
  count,
  listOf,
  namedObject,
  oneOf,
  text,
  textOrNull,
  time,
} from '../core/answer-schema.ts';

const sums = {
  calls: { ...count, description: 'Calls that were sent' },
  uncertain_calls: {
    ...count,
    description: 'Those of which nobody told how they ended; they may have been paid',
  },
  estimated_calls: {
    ...count,
    description: 'Those whose tokens are a guess, since the provider told no count',
  },
  input_tokens: count,
  output_tokens: count,
  money: { type: ['number', 'null'], description: 'Null for calls without a price' },
  currency: { ...textOrNull, description: 'ISO 4217; null for calls without a price' },
};

/** What calls can be summed up by. */
export const groupingWords = {
  agent: UsageGrouping.AGENT,
  domain: UsageGrouping.DOMAIN,
  model: UsageGrouping.MODEL,
  day: UsageGrouping.DAY,
};

const keyDescription =
  'Agent, domain, `provider/model` or day; empty for calls without a domain, `other` for what is beyond 1,000 groups';

/** Usage. */
export const usageSchema = namedObject(['Usage', 'What models were called for, and what that cost'], {
  from: time,
  to: { ...time, description: 'Not included' },
  group_by: oneOf(Object.keys(groupingWords)),
  groups: listOf(answerObject({ key: { ...text, description: keyDescription }, ...sums })),
  totals: {
    ...listOf(answerObject(sums)),
    description: 'One for each currency, and one for calls without a price',
  },
});

const sumExample = {
  ...{ calls: 12, uncertain_calls: 0, estimated_calls: 0, input_tokens: 9400, output_tokens: 810 },
  ...{ money: 0.0125, currency: 'USD' },
};

/** Usage. */
export const usageExample = {
  from: '2026-03-01T00:00:00.000Z',
  to: '2026-03-02T00:00:00.000Z',
  group_by: 'model',
  groups: [{ key: 'anthropic/claude-haiku-4-5', ...sumExample }],
  totals: [sumExample],
};
