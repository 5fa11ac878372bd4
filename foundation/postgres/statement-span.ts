// One client span per statement, after OpenTelemetry's database conventions. Never SQL values, never texts of errors.
import { type Attributes, context, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import {
  ATTR_DB_NAMESPACE,
  ATTR_DB_OPERATION_NAME,
  ATTR_DB_QUERY_SUMMARY,
  ATTR_DB_RESPONSE_STATUS_CODE,
  ATTR_DB_SYSTEM_NAME,
  ATTR_ERROR_TYPE,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  DB_SYSTEM_NAME_VALUE_POSTGRESQL,
} from '@opentelemetry/semantic-conventions';
import { sqlState } from './database-fault.ts';
import type { Statement } from './statement.ts';

/** Runs a statement inside its span. */
export type StatementTracing = <T>(statement: Statement, run: () => Promise<T>) => Promise<T>;

/** Spans for statements on the server of the current URL. Without a tracer, or outside any span, statements just run. */
export function createStatementTracing(
  currentUrl: () => string | undefined,
  tracer: Tracer | undefined,
): StatementTracing {
  if (!tracer) return (_statement, run) => run();
  const attributesOf = createServerAttributes();
  return async (statement, run) => {
    if (!trace.getSpan(context.active())) return run();
    const span = tracer.startSpan(statement.name, {
      kind: SpanKind.CLIENT,
      attributes: {
        ...attributesOf(currentUrl()),
        [ATTR_DB_OPERATION_NAME]: operationOf(statement.text),
        [ATTR_DB_QUERY_SUMMARY]: statement.name,
      },
    });
    try {
      return await run();
    } catch (error) {
      const state = sqlState(error);
      if (state) span.setAttribute(ATTR_DB_RESPONSE_STATUS_CODE, state);
      span.setAttribute(ATTR_ERROR_TYPE, state ?? (error instanceof Error ? error.name : '_OTHER'));
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  };
}

/** The attributes of a server, worked out again only when the URL is another. */
function createServerAttributes(): (url: string | undefined) => Attributes {
  let known: string | undefined;
  let attributes: Attributes = {};
  return (url) => {
    if (url === undefined || url === known) return attributes;
    const { pathname, hostname, port, searchParams } = new URL(url);
    known = url;
    attributes = {
      [ATTR_DB_SYSTEM_NAME]: DB_SYSTEM_NAME_VALUE_POSTGRESQL,
      [ATTR_DB_NAMESPACE]: decodeURIComponent(pathname.slice(1)),
      [ATTR_SERVER_ADDRESS]: searchParams.get('host') ?? hostname,
      [ATTR_SERVER_PORT]: Number(port) || 5432,
    };
    return attributes;
  };
}

/** The first word of a statement, such as `SELECT`. */
function operationOf(text: string): string {
  return /^\s*(\w+)/.exec(text)?.[1]?.toUpperCase() ?? '';
}
