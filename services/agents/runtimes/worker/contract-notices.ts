// What a worker tells on its way, passed on to whoever follows the attempt: bounded, and once, although a worker that is called again tells
// everything from the beginning.
import { durationMs } from '@bufbuild/protobuf/wkt';
import type { InvokeResponse } from '../../../../proto/gen/domainflow/agents/v1/agent_runtime_service_pb.js';
import type {
  ToolCall,
  RecordedJson as WireRecord,
} from '../../../../proto/gen/domainflow/agents/v1/invocation_pb.js';
import type { ToolCallNotice } from '../../core/invocation.ts';
import { type RecordedJson, recordedBytesMax, recordedJson } from '../../core/recorded-json.ts';
import type { JsonObject } from '../../core/skill.ts';
import { believedCode, workerSentenceLengthMax } from '../../core/worker/worker-failure.ts';
import type { WorkerCall } from './worker-call.ts';

/** Largest arguments of a tool call that are passed on, in characters of their JSON; larger ones are told as none. */
const argumentsLengthMax = 16_384;

/** Longest name of a tool that is passed on, in characters. */
const toolNameLengthMax = 100;

/** The call of a worker, and how many notices of tool calls it has told with this one. */
export type Telling = Pick<WorkerCall, 'circumstances' | 'told'> & { readonly toolCalls: number };

/** Passes on what is new. Ends, and doubts of the worker about itself, are told to nobody. */
export function tellNotice(
  event: InvokeResponse['event'],
  { circumstances, told, toolCalls }: Telling,
): void {
  if (event.case === 'progress') {
    const message = event.value.message.slice(0, workerSentenceLengthMax);
    circumstances.tell({ kind: 'progress', message });
  } else if (event.case === 'token') {
    const text = newText(Number(event.value.offset), event.value.text, told.textLength);
    told.textLength += text.length;
    if (text !== '') circumstances.tell({ kind: 'text', text });
  } else if (event.case === 'toolCall' && toolCalls > told.toolCalls) {
    told.toolCalls = toolCalls;
    circumstances.tell({ kind: 'tool_call', call: noticeOf(event.value) });
  }
}

/** The part of a piece that lies behind what was told; one that begins further on is taken as what follows. */
function newText(offset: number, text: string, toldLength: number): string {
  return text.slice(Math.max(0, toldLength - offset));
}

function noticeOf(call: ToolCall): ToolCallNotice {
  const { toolName, arguments: given = {}, duration, errorCode } = call;
  const isSmall = JSON.stringify(given).length <= argumentsLengthMax;
  const said = {
    toolName: toolName.slice(0, toolNameLengthMax),
    number: Math.max(0, call.number),
    arguments: isSmall ? (given as JsonObject) : {},
    errorCode: errorCode === '' ? '' : believedCode(errorCode),
  };
  return duration === undefined
    ? said
    : { ...said, arguments: {}, durationMs: durationMs(duration), ...recordOf(call) };
}

/** What the worker says of a call that has ended, bounded anew. */
function recordOf({
  arguments: plain,
  given,
  answered,
}: ToolCall): Pick<ToolCallNotice, 'given' | 'answered'> {
  const told = given ? believed(given) : plain && recordedJson(plain as JsonObject);
  return { ...(told ? { given: told } : {}), ...(answered ? { answered: believed(answered) } : {}) };
}

/** A text that is longer than what is put on record is cut, and the hash is then of what the worker sent. */
function believed({ text, bytes, sha256 }: WireRecord): RecordedJson {
  const isSound = Buffer.byteLength(text) <= recordedBytesMax && /^([0-9a-f]{64})?$/.test(sha256);
  return isSound ? { text, bytes: Math.max(0, Number(bytes)), sha256 } : recordedJson(text);
}
