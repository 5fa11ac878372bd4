// A page of messages is the same whatever part of them an index does not show yet.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareMessages, type Message } from './message.ts';
import { missingFromIndex, newestPage } from './message-page.ts';

function message(at: number, number: number): Message {
  const timestamp = new Date(1_700_000_000_000 + at).toISOString();
  const messageId = `msg_${String(number).padStart(32, '0')}`;
  const plain = { sessionId: 'sess_1', queryId: 'qry_1', content: 'text', references: [] };
  return { ...plain, messageId, timestamp, role: 'user' };
}

describe('a page of messages', () => {
  it('unites what the index shows with what is known, page by page, into every message once and in order', () => {
    const times = fc.array(fc.record({ at: fc.nat(20), hidden: fc.boolean() }), { maxLength: 40 });
    fc.assert(
      fc.property(times, fc.integer({ min: 1, max: 12 }), (plan, limit) => {
        const all = plan.map(({ at }, number) => message(at, number)).sort(compareMessages);
        const known = plan.flatMap(({ at, hidden }, number) => (hidden ? [message(at, number)] : []));
        const shown = all.filter((one) => !known.some(({ messageId }) => messageId === one.messageId));
        const read: Message[] = [];
        let before: { timestamp: string; messageId: string } | undefined;
        do {
          const end = before;
          const indexed = shown.filter((one) => !end || compareMessages(one, end) < 0).slice(-(limit + 1));
          const missing = missingFromIndex({ indexed, known, before, limit });
          const found = known.filter(({ messageId }) => missing.some((one) => one.messageId === messageId));
          const page = newestPage([...indexed, ...found], limit);
          expect(page.messages.length).toBeLessThanOrEqual(limit);
          read.unshift(...page.messages);
          before = page.earlier;
        } while (before);
        expect(read).toEqual(all);
      }),
      { seed: 11, numRuns: 300 },
    );
  });

  it('asks for nothing that the index shows or that lies before a full page', () => {
    const all = [1, 2, 3, 4].map((number) => message(number, number));
    const indexed = all.slice(1);
    expect(missingFromIndex({ indexed, known: all, before: undefined, limit: 2 })).toEqual([]);
    expect(missingFromIndex({ indexed, known: all, before: undefined, limit: 3 })).toEqual([all[0]]);
  });
});
