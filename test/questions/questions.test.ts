// Real questions over real reports: whether the six query agents count, cite, place and say what is true. Counts and references are held
// against the sample itself, read by plain conditions; every class of questions has a floor, and the score is told at the end.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readSettings } from '../../local/demo/sample.ts';
import { answerLengthMax } from '../../services/agents/core/query/sentence.ts';
import { referencesMax } from '../../services/agents/core/skill.ts';
import { callsMax } from '../../services/agents/runtimes/builtin/query-calls.ts';
import { type LabelledQuestion, readQuestions } from './labelled-questions.for-test.ts';
import { type QuestionStage, readSample, type Said, startQuestionStage } from './question-stage.for-test.ts';
import { type TruthPlace, trueReports } from './truth.for-test.ts';

/** A Friday morning in Boston, the day after the newest report. */
const now = '2019-02-01T12:00:00Z';
const executionCallsMax = 100;
const unsureMax = 0.3;
const unclearMax = 0.1;
const featuresMax = 1_000;

/** The share of each class that must be answered rightly. */
const floors: Readonly<Record<string, number>> = {
  count: 1,
  place: 1,
  time: 1,
  status: 1,
  who: 1,
  compare: 1,
  when: 1,
  list: 1,
  where: 1,
  what: 1,
  why: 1,
  how: 1,
  without: 1,
  'follow-up': 1,
  spelling: 1,
  several: 1,
  long: 1,
  none: 1,
  outside: 1,
};

const sample = await readSample();
const questions = await readQuestions();
const { places } = (await readSettings()) as unknown as { readonly places: readonly TruthPlace[] };
const scores: string[] = [];
let stage: QuestionStage;

beforeAll(async () => {
  stage = await startQuestionStage(sample);
}, 120_000);

afterAll(async () => {
  await stage.stop();
  process.stdout.write(`Questions answered rightly: ${scores.join(', ')}\n`);
});

/** The reports that the newest answer of the session rests on, as the platform keeps them. */
async function shownBefore({ earlier = [], zone }: LabelledQuestion): Promise<readonly string[]> {
  const question = earlier.at(-1);
  if (question === undefined) return [];
  const before = { ask: question, earlier: earlier.slice(0, -1), class: '', ...(zone && { zone }) };
  const said = await answersTo(before);
  return [...new Set(said.flatMap(({ references }) => references))].slice(0, referencesMax);
}

async function answersTo(question: LabelledQuestion): Promise<readonly Said[]> {
  const { ask, earlier = [], zone, now: at = now } = question;
  const sessionReferences = await shownBefore(question);
  const asked = { question: ask, referenceTime: at, earlier, sessionReferences };
  return stage.ask(zone === undefined ? asked : { ...asked, timeZone: zone });
}

/** Everything that is wrong with the answers to one question; nothing when they are right. */
async function faultsOf(question: LabelledQuestion): Promise<string[]> {
  const answers = await answersTo(question);
  const faults = [
    ...formFaults(answers),
    ...saysFaults(question, answers),
    ...truthFaults(question, answers),
  ];
  return faults.map((fault) => `"${question.ask}": ${fault}`);
}

function formFaults(answers: readonly Said[]): string[] {
  const calls = answers.map((said) => said.calls.filter(({ durationMs }) => durationMs !== undefined).length);
  const total = calls.reduce((sum, count) => sum + count, 0);
  return [
    ...answers.flatMap(({ label, output }) =>
      String(output.answer).length > answerLengthMax ? [`${label} says too much`] : [],
    ),
    ...answers.flatMap(({ label, references }) =>
      references.length > referencesMax ? [`${label} cites too many`] : [],
    ),
    ...calls.flatMap((count, at) => (count > callsMax ? [`${answers[at]?.label} calls ${count} times`] : [])),
    ...(total > executionCallsMax ? [`${total} calls together`] : []),
  ];
}

function saysFaults({ says = {} }: LabelledQuestion, answers: readonly Said[]): string[] {
  return Object.entries(says).flatMap(([label, words]) => {
    const answer = String(answers.find((said) => said.label === label)?.output.answer);
    return answer.includes(words) ? [] : [`${label} does not say "${words}": ${answer}`];
  });
}

function truthFaults(question: LabelledQuestion, answers: readonly Said[]): string[] {
  const { truth, count, unclear = false, none = false } = question;
  if (unclear || none) return silenceFaults(answers, unclear ? unclearMax : unsureMax);
  if (truth === undefined) return [];
  const meant = trueReports(truth, sample, places);
  const ids = new Set(meant.map(({ id }) => stage.incidentIds.get(id) ?? ''));
  const label = meant.length === count ? [] : [`the label says ${count}, the sample ${meant.length}`];
  return [...label, ...answers.flatMap((said) => faultsOfOne(said, ids))];
}

/** Who does not understand counts nothing, cites nothing and is not sure of it. */
function silenceFaults(answers: readonly Said[], confidenceMost: number): string[] {
  return answers.flatMap(({ label, output, references, confidence }) => {
    const isSilent = references.length === 0 && confidence <= confidenceMost;
    return isSilent && !/^[1-9]/.test(String(output.answer))
      ? []
      : [`${label} guesses: ${String(output.answer)}`];
  });
}

function faultsOfOne({ label, output, references, confidence }: Said, ids: ReadonlySet<string>): string[] {
  const answer = String(output.answer);
  const told = /^(\d+) report/.exec(answer)?.[1] ?? (answer.startsWith('No report') ? '0' : 'nothing');
  const strays = references.filter((id) => !ids.has(id)).length;
  const features = featuresOf(output);
  const astray = features.filter((id) => !ids.has(id)).length;
  return [
    ...(Number(told) === ids.size ? [] : [`${label} counts ${told} instead of ${ids.size}: ${answer}`]),
    ...(strays > 0 ? [`${label} cites ${strays} reports that are not meant`] : []),
    ...(ids.size > 0 && references.length === 0 ? [`${label} cites none`] : []),
    ...(features.length > featuresMax || astray > 0
      ? [`${label} maps ${astray} reports that are not meant`]
      : []),
    ...(confidence < 0.5 ? [`${label} is not sure (${confidence})`] : []),
  ];
}

/** Ids on the map of an answer; empty where it has none. */
function featuresOf({ map_data: map }: Said['output']): string[] {
  const shown = map as { data?: { features?: { properties: { incident_id: string } }[] } } | null | undefined;
  return (shown?.data?.features ?? []).map(({ properties }) => properties.incident_id);
}

describe('questions', () => {
  it('are of the classes that have a floor, and of each at least two or a long one', () => {
    const classes = new Set(questions.map((question) => question.class));
    expect([...classes].sort()).toEqual(Object.keys(floors).sort());
    expect(questions.length).toBeGreaterThanOrEqual(80);
  });

  it.each(Object.entries(floors))(
    'of the class %s are answered rightly, at least as %f of them',
    async (name, floor) => {
      const asked = questions.filter((question) => question.class === name);
      const faults: string[] = [];
      let right = 0;
      for (const question of asked) {
        const found = await faultsOf(question);
        faults.push(...found);
        if (found.length === 0) right += 1;
      }
      scores.push(`${name} ${right} of ${asked.length}`);
      expect({
        share: right / asked.length >= floor,
        faults: right / asked.length >= floor ? [] : faults,
      }).toEqual({
        share: true,
        faults: [],
      });
    },
    60_000,
  );
});
