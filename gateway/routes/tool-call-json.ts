// Calls of tools as the API shows them. What was too long to be put on record whole is shown as what is there of it: its beginning, with
// the size and the hash of the whole beside it.
import type { RecordedJson } from '../../proto/gen/domainflow/agents/v1/invocation_pb.js';
import type { ToolCallRecord } from '../../proto/gen/domainflow/orchestrator/v1/execution_pb.js';
import { timeJson } from './time-json.ts';

/** A call; `duration_ms` is null while nobody has told of its end. */
export function toolCallJson(call: ToolCallRecord): object {
  const { durationMs, arguments: given, result } = call;
  return {
    task_id: call.taskId,
    agent_id: call.agentId || null,
    attempt: call.attempt,
    number: call.number || null,
    tool_name: call.toolName,
    started_at: timeJson(call.startedAt),
    duration_ms: durationMs === undefined ? null : Number(durationMs),
    error_code: call.errorCode || null,
    arguments: shownValue(given),
    arguments_cut: cutOf(given),
    result: shownValue(result),
    result_cut: cutOf(result),
  };
}

/** The value; a text that is its beginning alone, or that a worker told and that is no JSON, as a text. */
function shownValue(record: RecordedJson | undefined): unknown {
  if (!record) return null;
  if (record.sha256 !== '') return record.text;
  try {
    return JSON.parse(record.text);
  } catch {
    return record.text;
  }
}

function cutOf(record: RecordedJson | undefined): object | null {
  if (!record || record.sha256 === '') return null;
  return { bytes: Number(record.bytes), sha256: record.sha256 };
}
