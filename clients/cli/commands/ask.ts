// `domainflow ask`: a question, or a command, in plain words, and its answer as it comes.
import type { Command } from 'commander';
import { answerLines } from '../answer-text.ts';
import type { Cli, Frame } from '../cli.ts';
import { readText } from '../input.ts';
import { cut, onOneLine, plainText } from '../screen/plain-text.ts';
import { Failed, UsageError } from '../usage-error.ts';

interface AskOptions {
  readonly domain?: string;
  readonly session?: string;
  readonly command?: boolean;
}

const titleLengthMax = 80;

/** Adds the command. */
export function addAsk(program: Command, cli: Cli): void {
  program
    .command('ask')
    .description('ask a question; with --command, have something done')
    .argument('<text>', 'the question; - for standard input')
    .option('-d, --domain <domain>', 'what it is about; needed where no session says it')
    .option('-s, --session <session>', 'the conversation that it belongs to, else a new one')
    .option('--command', 'it is a command: reports are changed, or changes proposed')
    .action(cli.action<[string], AskOptions>(ask));
}

async function ask(frame: Frame, [text]: readonly [string], options: AskOptions): Promise<void> {
  const { api, out, surroundings } = frame;
  const question = text === '-' ? (await readText('-', surroundings)).trim() : text;
  const { session_id, domain_id } = await sessionFor(frame, question, options);
  const mode = options.command ? 'management' : 'query';
  const asked = await api.post('/api/v1/queries', { body: { session_id, domain_id, question, mode } });
  await tellText(frame, asked.job_id);
  const path = { query_id: asked.query_id };
  const query = await api.get('/api/v1/queries/{query_id}', { path });
  out.result(query, () => answerLines(query));
  if (options.session === undefined) out.note(`Go on in this conversation with --session ${session_id}`);
  if (query.status !== 'completed') throw new Failed();
}

interface Place {
  readonly session_id: string;
  readonly domain_id: string;
}

async function sessionFor({ api }: Frame, question: string, { session, domain }: AskOptions): Promise<Place> {
  if (session === undefined) {
    if (domain === undefined) throw new UsageError('ask takes --domain, or --session of a conversation');
    const title = cut(onOneLine(question), titleLengthMax);
    return api.post('/api/v1/sessions', { body: { domain_id: domain, ...(title !== '' && { title }) } });
  }
  if (domain !== undefined) return { session_id: session, domain_id: domain };
  const { domain_id } = await api.get('/api/v1/sessions/{session_id}', { path: { session_id: session } });
  return { session_id: session, domain_id };
}

// What models write is shown as they write it, under the name of the task; what agents without one do is told on the way. Who interrupts ends
// the showing alone, on a line of its own.
async function tellText({ api, out, signal }: Frame, jobId: string): Promise<void> {
  let writing: string | undefined;
  try {
    for await (const event of api.follow({ jobId })) {
      if (event.name === 'token') {
        const { task_id, text } = event.data;
        if (task_id !== writing) out.text(`${writing === undefined ? '' : '\n'}${task_id}: `);
        writing = task_id;
        out.text(plainText(text));
      } else if (event.data.message !== null) out.progress(plainText(event.data.message));
    }
  } catch (error) {
    if (writing !== undefined) out.text('\n');
    if (signal.aborted) out.note(`It goes on without you: domainflow executions watch ${jobId}`);
    throw error;
  }
  if (writing !== undefined) out.text('\n\n');
}
