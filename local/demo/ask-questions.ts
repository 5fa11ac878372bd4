// The demo's second half: a session with three questions, their answers, and the reports that the answers rest on.
import type { Query, Report } from '../../clients/api/gen/api-types.ts';
import { type DemoRun, firstWords, sampleDomain } from './demo-run.ts';

/** What is asked. Each has an answer in the sample. */
export const questions = [
  'What do people complain about most in Roslindale?',
  'Where are water leaks, hydrants and storm drains a problem?',
  'When were traffic lights out?',
] as const;

const referencesShownMax = 8;

/** Opens a session, asks the questions one after another and prints the answers. */
export async function askQuestions(run: DemoRun, reports: readonly Report[]): Promise<readonly Query[]> {
  const { api, narrator, problems } = run;
  const title = 'A look at Boston';
  const { session_id } = await api.post('/api/v1/sessions', { body: { domain_id: sampleDomain, title } });
  const texts = new Map(reports.map(({ incident_id, raw_text }) => [incident_id, raw_text]));
  const asked: Query[] = [];
  for (const question of questions) {
    const query = await ask(run, session_id, question);
    asked.push(query);
    showAnswer(run, query, texts);
    problems.push(...problemsOf(query, texts));
  }
  const session = await api.get('/api/v1/sessions/{session_id}', { path: { session_id } });
  const wanted = 2 * questions.length;
  narrator.print('');
  narrator.say(
    `The session holds ${session.messages.length} messages: ${questions.length} questions and their answers.`,
  );
  if (session.messages.length !== wanted)
    problems.push(`The session holds ${session.messages.length} messages instead of ${wanted}`);
  return asked;
}

async function ask({ api, signal }: DemoRun, session_id: string, question: string): Promise<Query> {
  const body = { session_id, domain_id: sampleDomain, question };
  const { query_id, job_id } = await api.post('/api/v1/queries', { body });
  // The last event comes when the answer is there.
  for await (const _ of api.follow({ jobId: job_id, signal }));
  return api.get('/api/v1/queries/{query_id}', { path: { query_id } });
}

function showAnswer({ narrator }: DemoRun, query: Query, texts: ReadonlyMap<string, string>): void {
  narrator.heading(`  ${query.question}`);
  const shown = query.references_used.map(({ reference_id }) => reference_id).slice(0, referencesShownMax);
  for (const { label, text, references } of query.answers)
    narrator.say(`    ${label}: ${text} ${numbersOf(references, shown)}`);
  const closing = (query.summary ?? '').split('\n').findLast((line) => line.trim() !== '');
  if (closing) narrator.say(`    ${closing}`);
  narrator.print('');
  for (const [at, id] of shown.entries())
    narrator.print(`    [${at + 1}] ${id}  ${firstWords(texts.get(id) ?? '', 50)}`);
  const more = query.references_used.length - shown.length;
  if (more > 0) narrator.print(`    and ${more} more`);
}

/** The references as `[1 2 3 +4]`: their numbers in the list below the answer, and how many are not in it. */
function numbersOf(references: readonly string[], shown: readonly string[]): string {
  const numbers = references
    .map((id) => shown.indexOf(id) + 1)
    .filter((number) => number > 0)
    .sort((a, b) => a - b);
  const more = references.length - numbers.length;
  const words = [...numbers.map(String), ...(more > 0 ? [`+${more}`] : [])];
  return words.length > 0 ? `[${words.join(' ')}]` : '(no report)';
}

function problemsOf(query: Query, texts: ReadonlyMap<string, string>): string[] {
  const name = `The question "${query.question}"`;
  if (query.status !== 'completed')
    return [`${name} is ${query.status}${query.error ? `: ${query.error}` : ''}`];
  const problems: string[] = [];
  if (query.answers.length !== 6) problems.push(`${name} has ${query.answers.length} answers instead of 6`);
  if (query.references_used.length === 0) problems.push(`${name} is answered without a reference`);
  const unknown = query.references_used.filter(({ reference_id }) => !texts.has(reference_id));
  if (unknown.length > 0) problems.push(`${name} cites ${unknown.length} reports that nobody submitted`);
  if (query.references_rejected.length > 0)
    problems.push(`${name} had ${query.references_rejected.length} references rejected`);
  return problems;
}
