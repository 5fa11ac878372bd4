// Calls of tools of the core as messages of the mesh.
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { type ExecutionState, taskOf } from '../core/execution-state.ts';
import type { RecordedJson } from '../core/tool-call.ts';
import type { ShownToolCall } from '../core/tool-call-list.ts';

/** A call of a run in this state. */
export function toolCallWire(state: ExecutionState, call: ShownToolCall) {
  const { nodeId, attempt, number, toolName, startedMs, durationMs, errorCode, given, answered } = call;
  const { taskId, agentId } = taskOf(state, nodeId).planned;
  return {
    ...{ taskId, agentId, attempt, number, toolName, errorCode },
    startedAt: timestampFromMs(startedMs),
    ...(durationMs === undefined ? {} : { durationMs: BigInt(Math.round(durationMs)) }),
    ...(given ? { arguments: recordedWire(given) } : {}),
    ...(answered ? { result: recordedWire(answered) } : {}),
  };
}

function recordedWire({ text, bytes, sha256 }: RecordedJson) {
  return { text, bytes: BigInt(bytes), sha256 };
}
