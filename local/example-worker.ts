// A worker as small as they get: it is given the text of a report and says how urgent it sounds. `node local/example-worker.ts 8700` runs it
// at http://127.0.0.1:8700 with the protocol `http`. A real one would check who calls it, and keep its answers longer than its process lasts.
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { json } from 'node:stream/consumers';

/** What the platform posts to `/process`; `input_data` is the input of the job and the outputs that the agent depends on. */
interface Task {
  readonly task_id: string;
  readonly task_type: string;
  readonly attempt: number;
  readonly input_data: { readonly text?: string };
  readonly context: {
    readonly agent_name: string;
    readonly system_prompt: string;
    readonly timeout_ms: number;
  };
}

const alarming = /\b(?:fire|smoke|flood(?:ed|ing)?|gas leak|collapsed|injured)\b/i;

/** The work itself. Only `output` has to be there; a task that cannot be done is answered with `error_code` and `error_message`. */
function assess({ input_data: { text } }: Task) {
  if (!text) return { error_code: 'output_invalid', error_message: 'The input has no text' };
  const found = alarming.exec(text);
  if (!found) return { output: { urgency: 'normal' }, confidence: 0.6 };
  const [word] = found;
  return {
    output: { urgency: 'high' },
    reasoning: `The text speaks of "${word}".`,
    confidence: 0.9,
    spans: { urgency: [{ start: found.index, end: found.index + word.length }] },
  };
}

/** A server that does not listen yet. */
export function createExampleWorker(): Server {
  const answers = new Map<string, string>(); // by Idempotency-Key: who asks again is told the same, and the work is done once
  return createServer(async (request, response) => {
    if (request.url === '/health') return response.end('{"status":"healthy"}');
    if (request.method !== 'POST' || request.url !== '/process') return response.writeHead(404).end();
    const key = request.headers['idempotency-key']?.toString() ?? randomUUID();
    try {
      const answer = answers.get(key) ?? JSON.stringify(assess((await json(request)) as Task));
      answers.set(key, answer);
      response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
    } catch {
      response.writeHead(400).end('{"error_code":"output_invalid","error_message":"The body is no task"}');
    }
  });
}

if (import.meta.main) createExampleWorker().listen(Number(process.argv[2] ?? 8700), '127.0.0.1');
