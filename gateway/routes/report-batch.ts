// /reports/batch: many reports in one request, one on each line (NDJSON), answered line by line while they are still being sent.
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { invalidArgument } from '../../foundation/fault/fault.ts';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { lineKey } from '../core/line-key.ts';
import { type Operation, routeSchema } from '../core/operation.ts';
import { HttpProblem } from '../http/http-problem.ts';
import { idempotencyKey } from '../http/idempotency-key.ts';
import { inOrder } from '../http/in-order.ts';
import { refuseCompressed } from '../http/json-body.ts';
import { groupLines } from '../http/line-groups.ts';
import { arriving, type LineLimits, readLines, type SentLine } from '../http/line-reader.ts';
import { objectSchema } from '../http/schema-parts.ts';
import { begun, sendStreamed } from '../http/stream-reply.ts';
import { documentOf, type LineAnswer, lineFailure } from './batch-line.ts';
import { meshCall } from './mesh-call.ts';
import { batchAnswerExample, batchAnswerSchema, batchExample, batchSchema } from './report-batch-schema.ts';
import { finishedReportSchema, type ImportDeps, importGroup } from './report-import.ts';
import { type NewReport, newReportSchema, submissionBytesMax, submitReport } from './report-submission.ts';

/** Most lines of a batch. */
const linesMax = 1_000;
/** Lines that are begun and not yet answered. */
const linesInFlightMax = 16;
/** Groups that are being stored and not yet answered. */
const groupsInFlightMax = 2;
/** A body of at most this many bytes is read before anything is begun, so that it can be refused as a whole. */
const readAheadBytesMax = 1024 * 1024;
/** Room for the answers to a whole batch: a client that reads nothing until it has sent everything is not waited for. */
const readyBytes = 1024 * 1024;

const submissionLimits = { linesMax, lineBytesMax: submissionBytesMax, bodyBytesMax: submissionBytesMax };
/** A finished report is at most a document, which is smaller. Numbers take more room in messages than in JSON, hence small groups. */
const importLimits = { ...submissionLimits, lineBytesMax: 1024 * 1024 };
const groupLimits = { linesMax: 100, bytesMax: 1024 * 1024 };

interface BatchQuery {
  readonly import?: 'true' | 'false';
}

const batchConfig = {
  role: 'editor',
  permission: 'reports:create',
  readsBodySlowly: true,
  remembersRequests: true,
} as const;
const querySchema = objectSchema({
  import: {
    ...{ type: 'string', enum: ['true', 'false'] },
    title: 'Stores finished reports as they are, without running a playbook',
  },
});
const mediaTypes = ['application/x-ndjson', 'application/jsonl'];
const mediaTypeSentence = `The body must be ${mediaTypes.join(' or ')}`;

const operation: Operation = {
  ...{ id: 'createReports', tag: 'Reports', summary: 'Submit or import many reports, one on each line' },
  description: `At most 1,000 lines of 36 MB together. Every line is taken or refused by itself and answered in its place, while others are
still being sent. With an Idempotency-Key a repeated batch does no line twice; an import then has to name its reports by \`incident_id\`.
Where a batch turns out to be too long only while it is sent, the last line of the answer says what was not taken.`,
  querystring: querySchema,
  ...{ toldBody: batchSchema, bodyExamples: [batchExample], bodyMediaTypes: mediaTypes },
  answers: {
    202: {
      description: 'What became of each line',
      ...{ mediaType: 'application/x-ndjson', schema: batchAnswerSchema, example: batchAnswerExample },
    },
  },
  refusals: {
    400: 'body: must have at least one line',
    413: `A batch has at most ${submissionBytesMax} bytes`,
    415: mediaTypeSentence,
  },
};

/** Registers the route of batches. */
export function reportBatchRoutes(app: FastifyInstance, clients: MeshClients): void {
  app.register(async (lines) => {
    lines.removeAllContentTypeParsers();
    lines.addContentTypeParser(mediaTypes, async ({ headers }: FastifyRequest, body: Readable) => {
      refuseCompressed(headers);
      return body;
    });
    lines.addContentTypeParser('*', async () => {
      throw new HttpProblem(415, mediaTypeSentence);
    });

    lines.post<{ Querystring: BatchQuery; Body: Readable | undefined }>(
      '/reports/batch',
      {
        config: batchConfig,
        schema: routeSchema(operation),
      },
      async (request, reply) => {
        const key = idempotencyKey(request);
        const body = await bodyOf(request);
        const answers =
          request.query.import === 'true'
            ? importing(clients, request, { body, key })
            : submitting(clients, request, { body, key });
        const pieces = await begun(asLines(answers));
        reply.code(202);
        return sendStreamed(request, reply, { contentType: 'application/x-ndjson', pieces, readyBytes });
      },
    );
  });
}

interface Batch {
  readonly body: Readable;
  /** Idempotency key of the whole; empty for none. */
  readonly key: string;
}

function submitting(
  clients: MeshClients,
  request: FastifyRequest,
  { body, key }: Batch,
): AsyncIterable<LineAnswer> {
  const reading = { request, schema: newReportSchema, limits: submissionLimits };
  return inOrder(linesOf(body, submissionLimits), linesInFlightMax, async (sent) => {
    const { line } = sent;
    try {
      const report = documentOf<NewReport>(reading, sent);
      const started = await submitReport(clients, request, { report, requestId: lineKey(key, line) });
      const { incidentId: incident_id, jobId: job_id, replayed } = started;
      return { line, status: 'accepted', incident_id, job_id, ...(replayed && { replayed }) };
    } catch (error) {
      return lineFailure(line, error);
    }
  });
}

async function* importing(
  clients: MeshClients,
  request: FastifyRequest,
  { body, key }: Batch,
): AsyncGenerator<LineAnswer> {
  const deps: ImportDeps = {
    clients,
    reading: { request, schema: finishedReportSchema, limits: importLimits },
    requireDomain: rememberedDomains(clients, request),
    isKeyed: key !== '',
  };
  const groups = groupLines(linesOf(body, importLimits), groupLimits);
  const answers = inOrder(groups, groupsInFlightMax, (group) => importGroup(deps, group));
  for await (const answered of answers) yield* answered;
}

// At most as many domains as lines.
function rememberedDomains(
  { domains }: MeshClients,
  request: FastifyRequest,
): (domainId: string) => Promise<void> {
  const looked = new Map<string, Promise<unknown>>();
  return async (domainId) => {
    const found = looked.get(domainId) ?? domains.getDomain({ domainId }, meshCall(request));
    looked.set(domainId, found);
    await found;
  };
}

// A body that is small is read whole, so that nothing of it is begun when it has too many lines.
async function bodyOf({ body, headers }: FastifyRequest<{ Body: Readable | undefined }>): Promise<Readable> {
  const length = Number(headers['content-length'] ?? Number.NaN);
  if (length > submissionBytesMax) {
    throw new HttpProblem(413, `A batch has at most ${submissionBytesMax} bytes`);
  }
  if (!body || !(length <= readAheadBytesMax)) return body ?? Readable.from([]);
  const bytes = Buffer.concat(await Array.fromAsync(arriving(body)));
  let lines = 0;
  for await (const { line } of readLines(Readable.from([bytes]), submissionLimits)) lines = line;
  if (lines > linesMax)
    throw invalidArgument([{ field: 'body', reason: `must have at most ${linesMax} lines` }]);
  return Readable.from([bytes]);
}

async function* linesOf(body: Readable, limits: LineLimits): AsyncGenerator<SentLine> {
  let isEmpty = true;
  for await (const line of readLines(body, limits)) {
    isEmpty = false;
    yield line;
  }
  if (isEmpty) throw invalidArgument([{ field: 'body', reason: 'must have at least one line' }]);
}

async function* asLines(answers: AsyncIterable<LineAnswer>): AsyncGenerator<string> {
  for await (const answer of answers) yield `${JSON.stringify(answer)}\n`;
}
