// The worker of a request: what is wrong with it, and as the runtimes see it. Whether its endpoint may be called is decided when it is.
import type { Violation } from '../../../foundation/fault/fault.ts';
import { urlLengthMax } from '../../../foundation/net/outbound-url.ts';
import type { InvokeRequest } from '../../../proto/gen/domainflow/agents/v1/agent_runtime_service_pb.js';
import {
  type Worker as WorkerMessage,
  WorkerProtocol,
} from '../../../proto/gen/domainflow/agents/v1/worker_pb.js';
import type { Runtime } from '../core/invocation.ts';
import {
  type WorkerProtocol as Protocol,
  taskTypeDefault,
  type Worker,
  workerTextLengthMax,
} from '../core/worker/worker.ts';

const protocols: Readonly<Record<WorkerProtocol, Protocol | undefined>> = {
  [WorkerProtocol.UNSPECIFIED]: undefined,
  [WorkerProtocol.HTTP]: 'http',
  [WorkerProtocol.CONNECT]: 'connect',
  [WorkerProtocol.GRPC]: 'grpc',
};

/** Everything that is wrong with the worker of an agent of this runtime; empty when nothing is, or when there is none. */
export function workerProblems(worker: WorkerMessage | undefined, runtime: Runtime): Violation[] {
  if (!worker) return [];
  const { workerId, endpoint, taskType, protocol } = worker;
  const isEndpoint = endpoint.length <= urlLengthMax && URL.canParse(endpoint);
  const wrong: readonly (readonly [boolean, string, string])[] = [
    [runtime !== 'worker', 'worker', 'only agents of runtime worker run on one'],
    [
      workerId === '' || workerId.length > workerTextLengthMax,
      'worker.worker_id',
      `must have 1 to ${workerTextLengthMax} characters`,
    ],
    [!isEndpoint, 'worker.endpoint', `must be an absolute URL of at most ${urlLengthMax} characters`],
    [protocols[protocol] === undefined, 'worker.protocol', 'must be HTTP, CONNECT or GRPC'],
    [
      taskType.length > workerTextLengthMax,
      'worker.task_type',
      `must have at most ${workerTextLengthMax} characters`,
    ],
  ];
  return wrong.filter(([isWrong]) => isWrong).map(([, field, reason]) => ({ field, reason }));
}

/** Everything that is wrong with a task that is no agent's; empty when nothing is, or when there is none. */
export function workProblems({
  work,
  agent,
  worker,
}: Pick<InvokeRequest, 'work' | 'agent' | 'worker'>): Violation[] {
  if (!work) return [];
  const { taskType } = work;
  const wrong: readonly (readonly [boolean, string, string])[] = [
    [agent !== undefined, 'agent', 'is not taken beside work'],
    [worker === undefined, 'worker', 'is required for work'],
    [
      taskType === '' || taskType.length > workerTextLengthMax,
      'work.task_type',
      `must have 1 to ${workerTextLengthMax} characters`,
    ],
  ];
  return wrong.filter(([isWrong]) => isWrong).map(([, field, reason]) => ({ field, reason }));
}

/** The worker of a request without problems, as a part of an invocation. */
export function workerOf(worker: WorkerMessage | undefined): { readonly worker?: Worker } {
  const protocol = worker && protocols[worker.protocol];
  if (!protocol) return {};
  const { workerId, endpoint, taskType } = worker;
  return { worker: { workerId, endpoint, protocol, taskType: taskType || taskTypeDefault } };
}
