// Real commands in many wordings: whom they assign, which status and which detail they set, and which reports each of these is for.
import { describe, expect, it } from '@jest/globals';
import { actionsIn, assignmentOf, detailChangesOf, statusChangeOf } from './read-command.ts';

const one = 'inc_0192f1a0b2c37d4e8f90123456789abc';
const two = 'inc_0192f1a0b2c37d4e8f90123456789abd';

function who(command: string) {
  return actionsIn(command, assignmentOf, 3).map(({ change: { name, type } }) => `${type} ${name}`);
}

function status(command: string) {
  return actionsIn(command, statusChangeOf, 3).map(({ change }) => change.status);
}

function details(command: string) {
  return actionsIn(command, detailChangesOf, 3).map(({ change: { field, said } }) => `${field} = ${said}`);
}

describe('an assignment', () => {
  it.each([
    ['Assign this to the Roads Team', 'team Roads Team'],
    ['assign to public works department', 'team public works department'],
    ['Please reassign these to Maria Lopez', 'user Maria Lopez'],
    ['Could you assign it to @jsmith, please?', 'user jsmith'],
    ['Give it to the roads team', 'team roads team'],
    ['Give Maria these reports', 'user Maria'],
    ['Hand over all open pothole reports on Main Street to the Water crew', 'team Water crew'],
    ['Hand this over to Maria now', 'user Maria'],
    ['Route the leak reports to team Water', 'team team Water'],
    ['Forward them to "Parks & Recreation"', 'user Parks & Recreation'],
    ['Assign the pothole next to the school to Maria', 'user Maria'],
    ['Assign to Maria the reports next to the school', 'user Maria'],
    ['Assign Maria to these', 'user Maria'],
    ['Assign it to Maria to inspect the damage', 'user Maria'],
    ['Assign it to Maria because she knows the area', 'user Maria'],
    ['Assign this to the Roads Team by Friday', 'team Roads Team'],
    ['Assign these to Roads Team with high priority', 'team Roads Team'],
    ['Set the assignee of these to Maria', 'user Maria'],
    ['Change owner to Roads Team', 'team Roads Team'],
    ['Put Maria in charge of these', 'user Maria'],
    ['Make Maria responsible for this', 'user Maria'],
    ['Let Maria handle this', 'user Maria'],
    ['Have the roads crew take care of them', 'team roads crew'],
    ['Maria should take this one', 'user Maria'],
    ['Maria takes over', 'user Maria'],
    ['Assign this to me', 'user me'],
    ['Assign these to Public Works, high priority', 'team Public Works'],
    ['Change assignee from Maria to Bob', 'user Bob'],
    ['Send this to Maria and ask her to inspect it', 'user Maria'],
    [`Assign ${one} to 0192f1a0-b2c3-7d4e-8f90-123456789abc`, 'user 0192f1a0-b2c3-7d4e-8f90-123456789abc'],
    ['Find all potholes on Elm St. and assign them to Maria', 'user Maria'],
  ])('is read from: %s', (command, expected) => {
    expect(who(command)).toEqual([expected]);
  });

  it.each([
    'Close all reports assigned to Maria',
    'How many reports are assigned to Maria?',
    'Do not assign this to Maria',
    "Don't give these to the Roads Team",
    'Who should handle this?',
    'Set priority to high',
    'Move these to in progress',
    'Change the due date to Friday',
    'Escalate these to high priority',
    'Put it on hold',
    'Mark this as resolved',
    'Unassign this',
    'Send a crew to Main Street',
    'Move this to Friday',
  ])('is none in: %s', (command) => {
    expect(who(command)).toEqual([]);
  });

  it('has the reason that the command gives', () => {
    const [action] = actionsIn('Assign it to Maria because she knows the area', assignmentOf, 1);
    expect(action?.change.reason).toBe('she knows the area');
  });
});

describe('a status', () => {
  it.each([
    ['Mark as resolved', 'resolved'],
    ['Mark this as fixed', 'resolved'],
    ['mark these done please', 'resolved'],
    ['Resolve the pothole reports on Elm St', 'resolved'],
    ['Set the status to completed', 'resolved'],
    ['It has been fixed', 'resolved'],
    ['These are resolved now', 'resolved'],
    ['Close it', 'closed'],
    ['Please close all trash reports in Hyde Park', 'closed'],
    ['Can you close these?', 'closed'],
    [`Mark ${one} as a duplicate`, 'closed'],
    ['Close this as duplicate', 'closed'],
    ['Reject these', 'closed'],
    ['Set status to in progress', 'in_progress'],
    ['Change the status of these from pending to in-progress', 'in_progress'],
    ['Move this to in_progress', 'in_progress'],
    ['Start work on these', 'in_progress'],
    ['start working on it', 'in_progress'],
    ['Work on this has started', 'in_progress'],
    ['A crew is on the way', 'in_progress'],
    ['status: in progress', 'in_progress'],
    [`Reopen ${one}`, 'pending'],
    ['Set these back to pending', 'pending'],
    ['Put them on hold', 'pending'],
    ['This is not fixed', 'pending'],
    ['Reopen the closed reports on Main Street', 'pending'],
    ['Mark all resolved pothole reports as closed', 'closed'],
    [`Status of ${one}: resolved`, 'resolved'],
    ['Assign this to Maria and mark it in progress', 'in_progress'],
    ['Assign it to the Roads Team, then start work on it.', 'in_progress'],
  ])('is read from: %s', (command, expected) => {
    expect(status(command)).toEqual([expected]);
  });

  it.each([
    'How many are resolved?',
    'Is it fixed?',
    'Should we close this?',
    'Do not close these',
    'Never mark this as resolved',
    'Show all resolved reports',
    'Assign all resolved reports to Maria',
    'Set the priority of the open reports to high',
    'What is the status of these?',
    'Add note: the hole was fixed and then opened again',
    'Set start date to Monday',
    'Mark as urgent',
  ])('is none in: %s', (command) => {
    expect(status(command)).toEqual([]);
  });

  it.each([
    [`Close ${one}: a duplicate of ${'another'}`, 'a duplicate of another'],
    ['Resolve these because the crew filled the holes', 'the crew filled the holes'],
    ['Close this as duplicate', 'duplicate'],
    ['Mark it as done, it was repaired on Monday', 'it was repaired on Monday'],
    ['Close it with the note no longer there', 'no longer there'],
    ['Close it', ''],
  ])('has the notes of: %s', (command, notes) => {
    expect(actionsIn(command, statusChangeOf, 1).map(({ change }) => change.notes)).toEqual([notes]);
  });
});

describe('a detail', () => {
  it.each([
    ['Set priority to high', 'priority = high'],
    ['set the priority of these to High', 'priority = High'],
    ["Set the report's priority to low", 'priority = low'],
    ['Change their priority to urgent', 'priority = urgent'],
    ['Raise the priority to critical', 'priority = critical'],
    ['Set priority high', 'priority = high'],
    ['Priority: high', 'priority = high'],
    ['Make this high priority', 'priority = high'],
    ['Mark as urgent', 'priority = urgent'],
    ['Give these a low priority', 'priority = low'],
    ['Prioritize the leak on Elm St', 'priority = high'],
    ['Assign it to Maria with high priority', 'priority = high'],
    ['Assign these to Public Works, high priority', 'priority = high'],
    ['due date to Friday', 'due_date = Friday'],
    ['Set due date to next Monday', 'due_date = next Monday'],
    ['Change the deadline to 5 March 2026', 'due_date = 5 March 2026'],
    ['Change deadline of these to tomorrow', 'due_date = tomorrow'],
    ['Postpone the deadline until Monday', 'due_date = Monday'],
    ['This must be done by 5 May', 'due_date = 5 May'],
    ['These are due on Friday', 'due_date = Friday'],
    ['Set the due date for the pothole next to the school to Friday', 'due_date = Friday'],
    ['Add note: waiting for parts', 'note = waiting for parts'],
    [
      `Add a note to ${one}: crew is on the way, and set up signs`,
      'note = crew is on the way, and set up signs',
    ],
    ['Add a comment that the owner was called', 'note = the owner was called'],
    ['Add note "call back" to these', 'note = call back'],
    ['Note: resident is away until Monday', 'note = resident is away until Monday'],
    ['Set estimated cost to 500', 'estimated_cost = 500'],
    ['Set the contractor to Smith & Sons', 'contractor = Smith & Sons'],
    ['Update the inspection date to 2026-03-05', 'inspection_date = 2026-03-05'],
    ['Set severity to major for these reports', 'severity = major'],
    ['Tag these as winter', 'tag = winter'],
    ['Close this and set priority to low', 'priority = low'],
  ])('is read from: %s', (command, expected) => {
    expect(details(command)).toEqual([expected]);
  });

  it.each([
    'Set status to resolved',
    'Set the assignee to Maria',
    'Assign this to Maria',
    'Mark this as resolved',
    `Set ${one} to resolved`,
    'What is the priority of these?',
    'Do not change the priority',
    'Raise the priority of these',
    'Close all high priority reports',
  ])('is none in: %s', (command) => {
    expect(details(command)).toEqual([]);
  });

  it('is each of those that the command names', () => {
    expect(details('Set priority to high and due date to Friday')).toEqual([
      'priority = high',
      'due_date = Friday',
    ]);
  });
});

describe('the reports', () => {
  const ofStatus = (command: string, shown = 3) =>
    actionsIn(command, statusChangeOf, shown).map(({ reports }) => reports);
  const ofWho = (command: string) => actionsIn(command, assignmentOf, 3).map(({ reports }) => reports);
  const ofDetail = (command: string) => actionsIn(command, detailChangesOf, 3).map(({ reports }) => reports);
  const pointed = { kind: 'pointed' };

  it('are those whose ids stand in the same part of the command', () => {
    const command = `Close ${one} and assign ${two} to Maria`;
    expect(ofStatus(command)).toEqual([{ kind: 'ids', ids: [one] }]);
    expect(ofWho(command)).toEqual([{ kind: 'ids', ids: [two] }]);
    expect(ofStatus(`Close ${one}, ${two}.`)).toEqual([{ kind: 'ids', ids: [one, two] }]);
  });

  it.each([
    'Close them all',
    'Close these reports',
    'Mark those as fixed',
    'Close all of them',
    'Close the reports from the last answer',
    'Resolve the reports above',
    'Close all',
  ])('are those of the last answer in: %s', (command) => {
    expect(ofStatus(command)).toEqual([pointed]);
  });

  it.each(['Mark as resolved', 'Set status to closed', 'Reopen, please'])(
    'are left open in: %s',
    (command) => {
      expect(ofStatus(command)).toEqual([{ kind: 'open' }]);
    },
  );

  it('are those of an earlier part where a later one names none', () => {
    const command =
      'Assign all pothole reports on Main Street to Maria, mark them in progress and set priority to high';
    const described = [{ kind: 'described', text: 'all pothole reports on Main Street' }];
    expect([ofWho(command), ofStatus(command), ofDetail(command)]).toEqual([described, described, described]);
    expect(ofStatus('Find all potholes on Elm Street and close them')).toEqual([
      { kind: 'described', text: 'all potholes on Elm Street' },
    ]);
    expect(ofDetail(`For ${one}, set priority to high`)).toEqual([{ kind: 'ids', ids: [one] }]);
    expect(ofStatus('Assign this to Maria and mark as resolved')).toEqual([{ ...pointed, one: 'this' }]);
    expect(ofStatus(`Resolve and assign ${one} to Maria`)).toEqual([{ kind: 'ids', ids: [one] }]);
  });

  it('of a detail are named in many places', () => {
    const ids = [{ kind: 'ids', ids: [one] }];
    expect(ofDetail(`Set priority to high for ${one}`)).toEqual(ids);
    expect(ofDetail(`Set the priority of ${one} to high`)).toEqual(ids);
    expect(ofDetail(`Set ${one}'s priority to high`)).toEqual(ids);
    expect(ofDetail(`Set ${one} priority to high`)).toEqual(ids);
    expect(ofDetail(`Add note to ${one}: called`)).toEqual(ids);
    expect(ofDetail('Add note "call back" to these')).toEqual([pointed]);
    expect(ofDetail('Set severity to major for these reports')).toEqual([pointed]);
    expect(ofDetail('Set severity to major')).toEqual([{ kind: 'open' }]);
  });

  it('are not those of whoever had them before', () => {
    expect(ofWho('Reassign these from Maria to Bob')).toEqual([pointed]);
    expect(ofWho('Change assignee from Maria to Bob')).toEqual([{ kind: 'open' }]);
    expect(ofWho('Reassign all reports of Maria to Bob')).toEqual([
      { kind: 'described', text: 'all reports of Maria' },
    ]);
  });

  it('are not guessed where only some of those shown can be meant', () => {
    expect(ofStatus('Close those on Main Street')).toEqual([
      { kind: 'among', text: 'reports on Main Street' },
    ]);
    expect(ofStatus('Close this pothole on Main Street', 1)).toEqual([
      { ...pointed, one: 'this pothole on Main Street' },
    ]);
    expect(ofStatus('Close the leaks and the potholes on Elm Street')).toEqual([
      expect.objectContaining({ kind: 'unclear' }),
    ]);
  });

  it('are those shown but for exceptions', () => {
    expect(ofStatus(`Close all but ${one}`)).toEqual([
      { kind: 'except', from: pointed, minus: { kind: 'ids', ids: [one] } },
    ]);
  });

  it('are one, or so many, where the words say so', () => {
    expect(ofStatus('Close it')).toEqual([{ ...pointed, one: 'it' }]);
    expect(ofStatus('Close both of them')).toEqual([{ ...pointed, count: 2 }]);
    expect(ofStatus('Close all three')).toEqual([{ ...pointed, count: 3 }]);
  });

  it('are the whole domain only where that is said', () => {
    expect(ofStatus('Close everything')).toEqual([{ kind: 'everything', text: 'everything' }]);
    expect(ofStatus('Close all reports')).toEqual([{ kind: 'everything', text: 'all reports' }]);
  });

  it('of this week are described, not pointed at', () => {
    expect(ofStatus('Close all trash reports from this week')).toEqual([
      { kind: 'described', text: 'all trash reports from this week' },
    ]);
  });
});
