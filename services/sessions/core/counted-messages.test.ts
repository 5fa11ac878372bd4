// A session lets its older counted messages go, and never the newest.
import { describe, expect, it } from '@jest/globals';
import { countedKept, countedMax, countedToRelease } from './counted-messages.ts';

function positions(count: number) {
  return Array.from({ length: count }, (_, at) => ({
    timestamp: `2025-01-01T00:00:00.${String(999 - at).padStart(3, '0')}Z`,
    messageId: `msg_${at}`,
  }));
}

describe('countedToRelease', () => {
  it('keeps everything up to the maximum', () => {
    expect(countedToRelease(positions(countedMax))).toEqual([]);
  });

  it('lets all but the newest go beyond it', () => {
    const all = positions(countedMax + 1);
    const released = countedToRelease(all);
    expect(released).toHaveLength(all.length - countedKept);
    expect(released[0]).toEqual(all.at(-1));
    expect(released).not.toContainEqual(all[0]);
  });
});
