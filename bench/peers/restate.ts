// Restate: a server with a store of its own keeps the journal of each invocation and calls the service, which is in this process.
//
// - The service is served over HTTP/2 with a stream in both directions, which is its fastest protocol; the server is reached over HTTP/1.1
//   connections that stay open, by its own client.
// - Each task is a `ctx.run`, which is acknowledged when the log has been synced to the disk, by the server's default settings. Results
//   of tasks are used only after that.
// - Parallel tasks are awaited by `RestatePromise.all`, as its documentation has it. A branch of several tasks is an invocation of its own:
//   one handler awaits one thing at a time.
// - An execution is a plain service handler: no key that would put executions in a row.
import { once } from 'node:events';
import { createServer } from 'node:http2';
import * as restate from '@restatedev/restate-sdk';
import * as clients from '@restatedev/restate-sdk-clients';
import type { FolderStore, MeasuredEngine, OpenEngine, Perform } from '../measured-engine.ts';
import { type Shape, type WorkloadName, workloadOf } from '../workloads.ts';

interface Input {
  readonly workload: WorkloadName;
  readonly execution: string;
}

interface BranchInput {
  readonly shape: Shape;
  readonly execution: string;
}

interface Handlers {
  execute(ctx: restate.Context, input: Input): Promise<string>;
  branch(ctx: restate.Context, input: BranchInput): Promise<string>;
}

const serviceName = 'graphs';

/** Opens the service and tells the server where it is. Executions that were interrupted are called again by the server. */
export const openEngine: OpenEngine = async ({ store, perform }): Promise<MeasuredEngine> => {
  if (store.kind !== 'folder') throw new Error('Restate keeps its data in a folder of its own');
  const endpoint = createServer(
    restate.createEndpointHandler({ services: [serviceOf(perform)], bidirectional: true }),
  );
  endpoint.listen(store.servicePort, '127.0.0.1');
  await once(endpoint, 'listening');
  await register(store);
  const ingress = clients.connect({ url: store.url });
  const graphs = ingress.serviceClient<Handlers>({ name: serviceName });
  const graphsInBackground = ingress.serviceSendClient<Handlers>({ name: serviceName });
  return {
    runOne: async (workload, execution) => {
      await graphs.execute({ workload, execution });
    },
    begin: async (workload, execution) => {
      const options = clients.rpc.sendOpts<Input>({ idempotencyKey: execution });
      await graphsInBackground.execute({ workload, execution }, options);
    },
    // The same key finds the same execution and waits for it.
    finish: async (workload, execution) => {
      const options = clients.rpc.opts<Input, string>({ idempotencyKey: execution });
      await graphs.execute({ workload, execution }, options);
    },
    close: async () => {
      endpoint.close();
    },
  };
};

function serviceOf(perform: Perform) {
  const run = async (ctx: restate.Context, shape: Shape, execution: string): Promise<void> => {
    const begin = (part: Shape): restate.RestatePromise<unknown> =>
      'name' in part
        ? ctx.run(part.name, () => perform(execution, part))
        : ctx.serviceClient<Handlers>({ name: serviceName }).branch({ shape: part, execution });
    for (const part of 'series' in shape ? shape.series : [shape]) {
      if ('parallel' in part) await restate.RestatePromise.all(part.parallel.map(begin));
      else await begin(part);
    }
  };
  const handlers: Handlers = {
    execute: async (ctx, { workload, execution }) => {
      await run(ctx, workloadOf(workload).shape, execution);
      return execution;
    },
    branch: async (ctx, { shape, execution }) => {
      await run(ctx, shape, execution);
      return execution;
    },
  };
  return restate.service({ name: serviceName, handlers });
}

async function register({ adminUrl, servicePort }: FolderStore): Promise<void> {
  const answer = await fetch(`${adminUrl}/deployments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ uri: `http://127.0.0.1:${servicePort}` }),
  });
  if (!answer.ok) throw new Error(`the service was not registered: ${answer.status} ${await answer.text()}`);
}
