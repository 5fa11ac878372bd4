// What names the present state of a run's domain, as the report index tells it.
import type { StoredExecution } from '../core/execution-record.ts';
import type { MeshClients } from './mesh-clients.ts';
import type { RunCalls } from './run-calls.ts';

/** Never throws; undefined when it cannot be told in a second, or not now. */
export type ReadRevision = (execution: StoredExecution) => Promise<string | undefined>;

const timeoutMs = 1_000;

/** Tasks of a run that ask in the same moment share a call; one that has been made already tells nothing to those who ask later. */
export function createReadRevision(index: MeshClients['index'], callsOf: RunCalls): ReadRevision {
  const gathering = new Map<string, Promise<string | undefined>>();

  async function read(execution: StoredExecution): Promise<string | undefined> {
    await new Promise((resolve) => setImmediate(resolve));
    gathering.delete(execution.id);
    const { domainId } = execution;
    try {
      const { revision } = await index.getDataRevision({ domainId }, callsOf(execution, { timeoutMs }));
      return revision === '' ? undefined : revision;
    } catch {
      return undefined; // whoever asks goes on without it
    }
  }

  return (execution) => {
    const shared = gathering.get(execution.id);
    if (shared) return shared;
    const reading = read(execution);
    gathering.set(execution.id, reading);
    return reading;
  };
}
