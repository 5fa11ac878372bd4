// Follows a run in the terminal: its tree, written anew as things happen, or a line for each event where nobody looks. With --json, each
// event is a line of JSON.
import type { ToldEvent } from '../api/follow-events.ts';
import type { Frame } from './cli.ts';
import { runLines, type ShownRun } from './run-tree.ts';
import { createLiveBlock, type LiveBlock } from './screen/live-block.ts';
import { plainText } from './screen/plain-text.ts';
import { Failed } from './usage-error.ts';

/** Follows the run to its end; Failed when it does not complete. */
export async function watchRun(frame: Frame, jobId: string): Promise<void> {
  const { api, out } = frame;
  const read = (): Promise<ShownRun> => api.get('/api/v1/executions/{job_id}', { path: { job_id: jobId } });
  const block = out.live && createLiveBlock(out.live, out.paint);
  const written = new Map<string, number>();
  const picture = block && createPicture(block, read, written);
  for await (const event of api.follow({ jobId })) {
    if (event.name === 'token') {
      const { task_id, offset, text } = event.data;
      written.set(task_id, offset + text.length);
    }
    if (picture) picture.refresh();
    else if (event.name !== 'token') out.line({ event: event.name, ...event.data }, () => [eventLine(event)]);
  }
  await picture?.settled();
  const run = await read();
  if (block) block.leave(runLines(run));
  else
    out.line({ event: 'end', job_id: run.job_id, status: run.status, error: run.error }, () => runLines(run));
  if (run.status !== 'completed') throw new Failed();
}

/** One line of an event. */
export function eventLine({ data }: Exclude<ToldEvent, { name: 'token' }>): string {
  const { timestamp, status, notice, task_id, agent_name, message } = data;
  const place = task_id === null ? '' : ` ${agent_name ?? task_id}`;
  return plainText(`${timestamp}  ${status ?? notice ?? ''}${place}  ${message ?? ''}`.trimEnd());
}

interface Picture {
  /** Reads and draws anew, soon; what comes while it does so is in the next one. */
  refresh(): void;
  /** Resolves when nothing is being drawn; rejects with what went wrong. */
  settled(): Promise<void>;
}

function createPicture(
  block: LiveBlock,
  read: () => Promise<ShownRun>,
  charactersOf: Map<string, number>,
): Picture {
  let drawing: Promise<void> | undefined;
  let failure: unknown;
  let isStale = false;
  const draw = async (): Promise<void> => {
    while (isStale) {
      isStale = false;
      block.show(runLines(await read(), { charactersOf }));
    }
  };
  return {
    refresh() {
      isStale = true;
      if (failure !== undefined) throw failure;
      drawing ??= draw()
        .catch((error: unknown) => {
          failure = error;
        })
        .finally(() => {
          drawing = undefined;
        });
    },
    async settled() {
      await drawing;
      if (failure !== undefined) throw failure;
    },
  };
}
