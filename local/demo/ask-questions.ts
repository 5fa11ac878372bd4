// The demo's second half: a session with three questions, their answers, and the reports that the answers rest on.
import type { QueryAccepted, QueryDocument, ReportDocument, SessionDocument } from '../rest-documents.ts';
import { bodyOf, type DemoRun, firstWords, pollUntil, sampleDomain } from './demo-run.ts';

/** What is asked. Each has an answer in the sample. */
export const questions = [
  'What do people complain about most in Roslindale?',
  'Where are water leaks, hydrants and storm drains a problem?',
  'When were traffic lights out?',
] as const;

const referencesShownMax = 8;

/** An answered question and the trace of the request that asked it. */
export interface Asked {
  readonly query: QueryDocument;
  readonly traceId: string | undefined;
}

/** Opens a session, asks the questions one after another and prints the answers. */
export async function askQuestions(
  run: DemoRun,
  reports: readonly ReportDocument[],
): Promise<readonly Asked[]> {
  const { api, narrator, problems } = run;
  const opened = await api.post<SessionDocument>('/api/v1/sessions', {
    domain_id: sampleDomain,
    title: 'A look at Boston',
  });
  const { session_id } = bodyOf(opened, 201, 'Opening a session');
  const texts = new Map(reports.map(({ incident_id, raw_text }) => [incident_id, raw_text]));
  const asked: Asked[] = [];
  for (const question of questions) {
    const answer = await ask(run, session_id, question);
    asked.push(answer);
    showAnswer(run, answer.query, texts);
    problems.push(...problemsOf(answer.query, texts));
  }
  const session = bodyOf(
    await api.get<SessionDocument>(`/api/v1/sessions/${session_id}`),
    200,
    'Reading the session',
  );
  const wanted = 2 * questions.length;
  narrator.print('');
  narrator.say(
    `The session holds ${session.messages.length} messages: ${questions.length} questions and their answers.`,
  );
  if (session.messages.length !== wanted)
    problems.push(`The session holds ${session.messages.length} messages instead of ${wanted}`);
  return asked;
}

async function ask({ api, signal }: DemoRun, sessionId: string, question: string): Promise<Asked> {
  const accepted = await api.post<QueryAccepted>('/api/v1/queries', {
    session_id: sessionId,
    domain_id: sampleDomain,
    question,
  });
  const { query_id } = bodyOf(accepted, 202, 'Asking a question');
  const read = async (): Promise<QueryDocument> =>
    bodyOf(await api.get<QueryDocument>(`/api/v1/queries/${query_id}`), 200, 'Reading an answer');
  const query = await pollUntil(read, ({ status }) => status !== 'processing', signal);
  return { query, traceId: accepted.traceId };
}

function showAnswer({ narrator }: DemoRun, query: QueryDocument, texts: ReadonlyMap<string, string>): void {
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

function problemsOf(query: QueryDocument, texts: ReadonlyMap<string, string>): string[] {
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
