// The conditions that questions put on reports.

import { describe, expect, it } from '@jest/globals';
import { findConditions } from './conditions.ts';

const told = (text: string) =>
  findConditions(text).map(
    ({ field, values, negated }) => `${field} ${negated ? 'not ' : ''}${values.join('|')}`,
  );

describe('the conditions', () => {
  it.each<[string, string[]]>([
    ['How many reports are resolved?', ['status resolved']],
    ['Which are pending or in progress?', ['status pending|in_progress']],
    ['reports that are not closed', ['status not closed']],
    ['complaints still open', ['status not resolved|closed']],
    ['open pothole reports', ['status not resolved|closed']],
    ['which have not been fixed yet?', ['status not resolved|closed']],
    ['an open manhole on Main St', []],
    ['reports nobody has taken up', ['status completed|processing|failed']],
    ['high priority potholes', ['priority high']],
    ['urgent reports', ['urgency urgent|immediate']],
    ['how urgent are they?', []],
    ['angry complaints', ['sentiment negative']],
    ['safety complaints', ['kind safety']],
    ['safety at the crossing', []],
    ['reports sent by phone', ['source phone']],
    ['reports assigned to team_parks', ['assignee team_parks']],
    ['who is it assigned to?', []],
    ['pending high priority reports', ['status pending', 'priority high']],
  ])('of "%s"', (text, conditions) => expect(told(text)).toEqual(conditions));

  it('know the words that they come from', () => {
    const text = 'Any pending reports?';
    expect(findConditions(text).map(({ start, end }) => text.slice(start, end))).toEqual(['pending']);
  });
});
