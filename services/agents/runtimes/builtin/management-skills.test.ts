// The three management skills over a handful of reports: which reports they cite, what they say, and when they would rather change nothing.
import { beforeEach, describe, expect, it } from '@jest/globals';
import { createReportsInMemory, type ReportInMemory } from '../../core/query/reports-in-memory.for-test.ts';
import { readQuestion } from '../../core/question.ts';
import type { ReportData, ReportFilter } from '../../core/report-data.ts';
import type { JsonObject } from '../../core/skill.ts';
import { loadGazetteer } from '../../store/gazetteer.ts';
import { type Command, runAssigner, runDetailsEditor, runStatusUpdater } from './management-skills.ts';

const sources = { gazetteer: loadGazetteer() };
const at = '2026-03-04T15:00:00.000Z';
const userId = 'user-1';
const hydePark = { name: 'Hyde Park', aliases: [], point: [-71.12, 42.255] as const };

const reports: ReportInMemory[] = [
  report(1, 'completed', 'Deep pothole on Main St near the bank', { urgency: 'urgent' }),
  report(2, 'pending', 'Pothole at 12 Main Street', { urgency: 'low' }),
  report(3, 'resolved', 'Pothole on Main Street, long gone'),
  report(
    4,
    'completed',
    'Pothole on Oak Ave',
    { urgency: 'immediate' },
    { task_details: { priority: 'high' } },
  ),
  report(5, 'completed', 'Trash in Hyde Park'),
];

function report(
  nth: number,
  status: string,
  summary: string,
  ingestion_data: JsonObject = {},
  management_data: JsonObject = {},
): ReportInMemory {
  const created_at = `2026-03-0${nth}T12:00:00.000Z`;
  const known = { incident_id: `inc_${nth}`, status, created_at, source: 'web', created_by: 'user_1' };
  return { ...known, summary, ingestion_data, management_data, location: null, rank: 1 };
}

let searched: ReportFilter[] = [];
beforeEach(() => {
  searched = [];
});

function dataOf(all: readonly ReportInMemory[]): ReportData {
  const port = createReportsInMemory(all);
  return {
    ...port,
    retrieve: (request) => {
      searched.push(request);
      return port.retrieve(request);
    },
  };
}

function commandOf(text: string, sessionReferences: readonly string[] = []): Command {
  const known = { referenceMs: Date.parse(at), timeZone: 'America/New_York', places: [hydePark] };
  const readAsQuestion = (question: string) => readQuestion({ ...known, question }, sources);
  return { text, at, userId, timeZone: known.timeZone, sessionReferences, earlier: [], readAsQuestion };
}

async function cited(
  text: string,
  session: readonly string[] = [],
  all = reports,
): Promise<readonly string[]> {
  const { references } = await runStatusUpdater(commandOf(text, session), dataOf(all));
  return [...references].sort();
}

describe('every management skill', () => {
  const runs = { assigner: runAssigner, status: runStatusUpdater, details: runDetailsEditor };

  it.each(Object.entries(runs))('%s answers nothing where a command has nothing for it', async (_, run) => {
    for (const text of ['How many potholes?', 'Delete this', 'Hello', 'Do not close these', '']) {
      const { output, references } = await run(commandOf(text, ['inc_1']), dataOf(reports));
      expect([text, output, references]).toEqual([text, {}, []]);
    }
    expect(searched).toEqual([]);
  });

  it.each(Object.entries(runs))('%s answers the same to the same', async (_, run) => {
    const text = 'Assign all potholes on Main Street to Maria, close them and set priority to high';
    const answers = await Promise.all([1, 2].map(() => run(commandOf(text), dataOf(reports))));
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]?.references).toEqual(['inc_1', 'inc_2', 'inc_3']);
  });
});

describe('the task assigner', () => {
  it('says who, with the time of the platform and the reason of the command', async () => {
    const command = commandOf('Assign this to the Roads Team because it is theirs', ['inc_2']);
    expect(await runAssigner(command, dataOf(reports))).toMatchObject({
      output: { assignee_id: 'Roads Team', assignee_type: 'team', assigned_at: at, reason: 'it is theirs' },
      references: ['inc_2'],
    });
  });

  it('takes "me" for who commands', async () => {
    const { output } = await runAssigner(commandOf('Assign this to me', ['inc_2']), dataOf(reports));
    expect(output).toMatchObject({ assignee_id: userId, reason: 'Command: Assign this to me' });
  });
});

describe('the status updater', () => {
  it('says which status, by whom and when', async () => {
    const { output } = await runStatusUpdater(commandOf('Close it: a duplicate', ['inc_2']), dataOf(reports));
    expect(output).toEqual({ status: 'closed', updated_at: at, updated_by: userId, notes: 'a duplicate' });
  });

  it('takes the last of several steps', async () => {
    const command = commandOf('Mark inc_1 as resolved and then close it');
    const { output } = await runStatusUpdater(command, dataOf(reports));
    expect(output).toMatchObject({ status: 'closed' });
  });
});

describe('the details editor', () => {
  it.each([
    ['Set priority to High', { field: 'priority', value: 'high' }],
    ['Set due date to Friday', { field: 'due_date', value: '2026-03-06' }],
    ['Change the deadline to tomorrow', { field: 'due_date', value: '2026-03-05' }],
    ['Set due date to March 10 at 3 pm', { field: 'due_date', value: '2026-03-10T19:00:00.000Z' }],
    ['Set due date to when the parts are there', { field: 'due_date', value: 'when the parts are there' }],
    ['Set estimated cost to 500', { field: 'estimated_cost', value: 500 }],
    ['Set road closed to yes', { field: 'road_closed', value: true }],
    ['Add note: 500', { field: 'note', value: '500' }],
  ])('keeps the value of: %s', async (text, expected) => {
    const { output } = await runDetailsEditor(commandOf(text, ['inc_2']), dataOf(reports));
    expect(output).toMatchObject({ ...expected, updated_at: at });
  });
});

describe('the reports that a command describes', () => {
  it.each([
    ['Close all open pothole reports on Main Street', ['inc_1', 'inc_2']],
    ['Close the pothole reports on Main St', ['inc_1', 'inc_2', 'inc_3']],
    ['Reopen the resolved potholes', ['inc_3']],
    ['Close all pending reports', ['inc_2']],
    ['Close all trash reports', ['inc_5']],
    ['Close all reports in Hyde Park', ['inc_5']],
    ['Close all potholes or trash', ['inc_1', 'inc_2', 'inc_3', 'inc_4', 'inc_5']],
    ['Close all urgent potholes', ['inc_1', 'inc_4']],
    ['Close all high priority reports', ['inc_4']],
    ['Close all reports from yesterday', ['inc_3']],
    ['Close the latest report', ['inc_5']],
    ['Close all unassigned potholes', ['inc_1', 'inc_2', 'inc_3', 'inc_4']],
    ['Close the two open potholes reports on Main Street', ['inc_1', 'inc_2']],
    ['Close the trash report', ['inc_5']],
  ])('are found: %s', async (text, expected) => {
    expect(await cited(text)).toEqual(expected);
  });

  it.each([
    'Close the pothole report',
    'Close the three open pothole reports on Main Street',
    'Close all reports except the potholes',
    'Close some potholes',
    'Close all reports assigned to Maria',
    'Close all broken potholes on Main Street',
    'Close all potholes in Springfield',
    'Close reports',
    'Close everything about unicorns',
    'Close all reports',
  ])('are asked for rather than guessed: %s', async (text) => {
    const { output, confidence, reasoning } = await runStatusUpdater(
      commandOf(text, ['inc_5']),
      dataOf(reports),
    );
    expect(output).toEqual({});
    expect(reasoning).toContain('?');
    expect(confidence).toBeLessThan(0.6);
  });

  it('are all told where they are too many, so that none is changed', async () => {
    const many = Array.from({ length: 60 }, (_, nth) => ({ ...reports[1], incident_id: `inc_${nth}` }));
    expect(await cited('Close all potholes', [], many as ReportInMemory[])).toHaveLength(60);
  });

  it('are not crowded out by finished ones', async () => {
    const done = Array.from({ length: 150 }, (_, nth) => ({ ...reports[2], incident_id: `inc_done_${nth}` }));
    const crowd = [...done, ...reports] as ReportInMemory[];
    expect(await cited('Close all open potholes on Main Street', [], crowd)).toEqual(['inc_1', 'inc_2']);
  });
});

describe('the reports of the last answer', () => {
  it('are meant by pointing at them, and where a command names none', async () => {
    expect(await cited('Close these', ['inc_4', 'inc_5'])).toEqual(['inc_4', 'inc_5']);
    expect(await cited('Mark as resolved', ['inc_4'])).toEqual(['inc_4']);
    expect(searched).toEqual([]);
  });

  it('are left open to others where there was none', async () => {
    const { output, references } = await runStatusUpdater(commandOf('Mark as resolved'), dataOf(reports));
    expect([output, references]).toEqual([expect.objectContaining({ status: 'resolved' }), []]);
  });
});
