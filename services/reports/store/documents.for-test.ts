// Documents of tests: a store on some DynamoDB, and reports to put there. Production does not import it.
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createDocumentClient } from '../../../foundation/dynamodb/client.ts';
import { ensureTables } from '../../../foundation/dynamodb/tables.ts';
import { makeUnkind, type Unkindness } from '../../../foundation/dynamodb/unkind-client.for-test.ts';
import { newId, prefixedId } from '../../../foundation/ids/ids.ts';
import { type Report, type ReportKey, type Submission, submittedReport } from '../core/report.ts';
import { reportsTables } from './tables.ts';

/** What the tables of tests are called. */
export const testTables = { reports: 'Reports', patches: 'Patches' } as const;

/** A client of the tables, which are there when it is. Destroy it at the end. */
export async function openTestTables(
  endpoint: string,
  unkindness?: Unkindness,
): Promise<DynamoDBDocumentClient> {
  const credentials = { accessKeyId: 'emulator', secretAccessKey: 'emulator' };
  const client = createDocumentClient({ endpoint, region: 'local', credentials, requestTimeoutMs: 10_000 });
  await ensureTables(client, reportsTables(testTables));
  if (unkindness) makeUnkind(client, unkindness);
  return client;
}

/** A report that was just submitted. */
export function newReport(submission: Partial<Submission> & Pick<Submission, 'tenantId'>): Report {
  return submittedReport({
    id: newId(),
    domainId: 'civic_complaints',
    rawText: 'A pothole on Main Street',
    source: 'web',
    jobId: prefixedId('job_', newId()),
    createdAt: '2025-01-01T00:00:00.000Z',
    createdBy: newId(),
    ...submission,
  });
}

/** Every step of a walk, as public ids. */
export async function idsOfWalk(walk: AsyncIterable<readonly ReportKey[]>): Promise<string[]> {
  const ids: string[] = [];
  for await (const keys of walk) ids.push(...keys.map(({ incidentId }) => incidentId));
  return ids;
}
