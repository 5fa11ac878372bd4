// What the description of API v2 says of workers, signs of life and tasks is what the orchestrator takes: gateway and orchestrator each write the
// limits down, since neither may import the other.
import { describe, expect, it } from '@jest/globals';
import { asFault } from '../../foundation/fault/fault.ts';
import type { JsonObject } from '../../foundation/json/json.ts';
import {
  attemptFaultCodes,
  workTaskRequestExample,
  workTaskRequestSchema,
  workTaskStatuses,
  workTaskTypes,
} from '../../gateway/routes/work-task-schema.ts';
import {
  workerChangeSchema,
  workerProtocols,
  workerRequestExample,
  workerRequestSchema,
  workerTypeAliases,
  workerTypes,
} from '../../gateway/routes/worker-schema.ts';
import { workflowRequestExample, workflowRequestSchema } from '../../gateway/routes/workflow-schema.ts';
import { attemptFaultCodes as ownCodes } from '../../services/orchestrator/core/work/attempt-result.ts';
import { readLoneTask, taskTypes } from '../../services/orchestrator/core/work/task-document.ts';
import { refuseBody } from '../../services/orchestrator/core/work/work-document.ts';
import {
  workerProtocols as ownProtocols,
  workerTypes as ownTypes,
  workerTypeOf,
} from '../../services/orchestrator/core/work/worker.ts';
import { readNewWorker, readWorkerChange } from '../../services/orchestrator/core/work/worker-document.ts';
import { readWorkflow } from '../../services/orchestrator/core/work/workflow-document.ts';
import { type EdgedSchema, edgesOf, withEdge } from './schema-edges.ts';

/** A kind of body that is sent. */
interface Sent {
  readonly name: string;
  readonly schema: object;
  readonly example: object;
  readonly read: (body: JsonObject) => unknown;
  /** Members whose limits are not all in the schema. */
  readonly apart: readonly string[];
}

const readWorker = (body: JsonObject) => refuseBody(readNewWorker(body, []).problems);
const kept = readNewWorker(workerRequestExample as JsonObject, []).content;

const sent: readonly Sent[] = [
  {
    ...{ name: 'a worker', schema: workerRequestSchema, example: workerRequestExample, read: readWorker },
    // Only some texts are names, addresses and versions, and what protocol needs an address is a rule of both.
    apart: ['name', 'endpoint', 'version', 'protocol'],
  },
  {
    ...{ name: 'a change of a worker', schema: workerChangeSchema, example: workerRequestExample },
    read: (body) => refuseBody(readWorkerChange(body, kept, []).problems),
    apart: ['name', 'endpoint', 'version', 'protocol'],
  },
  {
    ...{ name: 'a task', schema: workTaskRequestSchema, example: workTaskRequestExample, read: readLoneTask },
    // The flag is the gateway's, an id of another form is refused in another way.
    apart: ['auto_dispatch', 'workflow_id', 'timeout'],
  },
  {
    ...{ name: 'a workflow', schema: workflowRequestSchema, example: workflowRequestExample },
    read: readWorkflow,
    // Keys and schedules have a form, and a list of copies of the first task repeats its key.
    apart: ['start', 'schedule', 'dependencies', 'tasks', 'environment'],
  },
];

describe.each(sent)('$name', ({ schema, example, read, apart }) => {
  const isTaken = (body: object): boolean => {
    try {
      read(body as JsonObject);
      return true;
    } catch (error) {
      expect(asFault(error).reason).toBe('invalid_argument');
      return false;
    }
  };

  it('is taken by the orchestrator as the example shows it', () => {
    expect(isTaken(example)).toBe(true);
  });

  it('is taken and refused by the orchestrator as the schema says, at every limit', () => {
    const all = edgesOf(schema as EdgedSchema, example as JsonObject, { path: [], schemas: new Map() });
    const edges = all.filter(({ path: [member = ''] }) => member !== '' && !apart.includes(member));
    expect(edges.length).toBeGreaterThan(8);
    // Null stands for an absent member here.
    const judged = edges.filter(({ value }) => value !== null);
    expect(judged.filter((edge) => edge.fits !== isTaken(withEdge(example, edge)))).toEqual([]);
  });
});

describe('the words of workers and tasks', () => {
  it('are the same to the gateway and to the orchestrator', () => {
    expect([workerTypes, workerProtocols, workTaskTypes]).toEqual([ownTypes, ownProtocols, taskTypes]);
    expect(attemptFaultCodes).toEqual(ownCodes);
    expect(workTaskStatuses.length).toBe(5);
    for (const [alias, type] of Object.entries(workerTypeAliases)) expect(workerTypeOf(alias)).toBe(type);
  });
});
