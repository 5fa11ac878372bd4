// One client span per DynamoDB command, after OpenTelemetry's database conventions: operation and tables, never keys or items.
import { type Attributes, context, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import {
  ATTR_DB_OPERATION_NAME,
  ATTR_DB_SYSTEM_NAME,
  ATTR_ERROR_TYPE,
} from '@opentelemetry/semantic-conventions';
import {
  ATTR_AWS_DYNAMODB_TABLE_NAMES,
  DB_SYSTEM_NAME_VALUE_AWS_DYNAMODB,
} from '@opentelemetry/semantic-conventions/incubating';

/** One command: `operation` as AWS names it (`PutItem`), and what it is sent. */
export interface TracedCommand {
  readonly operation: string;
  readonly input: object;
}

/** Runs a command inside its span. Without a tracer, or outside any span, it just runs. */
export async function traceCommand<T>(
  tracer: Tracer | undefined,
  command: TracedCommand,
  run: () => Promise<T>,
): Promise<T> {
  if (!tracer || !trace.getSpan(context.active())) return run();
  const tables = tableNames(command.input);
  const name = tables.length === 1 ? `${command.operation} ${tables[0]}` : command.operation;
  const span = tracer.startSpan(name, {
    kind: SpanKind.CLIENT,
    attributes: attributesOf(command.operation, tables),
  });
  try {
    return await run();
  } catch (error) {
    span.setAttribute(ATTR_ERROR_TYPE, error instanceof Error ? error.name : '_OTHER');
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}

function attributesOf(operation: string, tables: string[]): Attributes {
  return {
    [ATTR_DB_SYSTEM_NAME]: DB_SYSTEM_NAME_VALUE_AWS_DYNAMODB,
    [ATTR_DB_OPERATION_NAME]: operation,
    [ATTR_AWS_DYNAMODB_TABLE_NAMES]: tables,
  };
}

/** The tables that a command names: one, or those of a batch. */
function tableNames(input: object): string[] {
  const { TableName, RequestItems } = input as { TableName?: string; RequestItems?: object };
  return TableName ? [TableName] : Object.keys(RequestItems ?? {});
}
