// One JSON log line per event, with the ids of the active trace. Every line passes the mask; there is no human-readable mode.
import { context, isSpanContextValid, trace } from '@opentelemetry/api';
import { type Logger, pino, stdTimeFunctions } from 'pino';
import { logFieldsOf } from './log-fields.ts';
import { maskFields, maskText } from './masking.ts';

/** A structured log. `log.info({ execution_id }, 'Execution ended')`: fields first, then a fixed sentence. */
export type Log = Logger;

/** The least level that is written; `silent` writes nothing. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

/** The levels, for a config reader to check against. */
export const logLevels: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** Where lines go: a standard stream, a file that is appended to (its folder is made), or any receiver of whole lines. */
export type LogDestination =
  | 'stdout'
  | 'stderr'
  | { readonly filePath: string }
  | { write(line: string): void };

/** Lines are written together once they have so many bytes. */
const gatheredBytes = 4_096;
/** Lines wait no longer than this for others, in milliseconds. */
const gatheredMs = 100;

/** What a log is made from. */
export interface LogOptions {
  readonly service: string;
  readonly level: LogLevel;
  /** Absent means standard output. */
  readonly destination?: LogDestination | undefined;
}

/** A log that masks secrets and adds service, trace_id, span_id and the context's fields to each line. */
export function createLog(options: LogOptions): Log {
  const log = pino(
    {
      level: options.level,
      base: { service: options.service, pid: process.pid },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), bindings: maskFields, log: maskFields },
      // Errors are described by the mask, which keeps known properties only.
      serializers: { err: (described: unknown) => described },
      mixin: contextFields,
      hooks: { streamWrite: maskText },
    },
    openDestination(options.destination ?? 'stdout'),
  );
  log.child = maskedChild(log.child);
  return log;
}

// pino passes a child's fixed fields by the root's formatters, so they are masked on the way in.
function maskedChild(child: Log['child']): Log['child'] {
  return function masked(this: Log, bindings, childOptions) {
    return child.call(this, maskFields(bindings), childOptions);
  } as Log['child'];
}

function contextFields(): Record<string, string> {
  const active = context.active();
  const span = trace.getSpanContext(active);
  const ids: Record<string, string> =
    span && isSpanContextValid(span) ? { trace_id: span.traceId, span_id: span.spanId } : {};
  return { ...logFieldsOf(active), ...ids };
}

// A write for each line costs more than the line. Fatal lines and the end of a process wait for nothing.
const gathering = { sync: false, minLength: gatheredBytes, periodicFlush: gatheredMs };

function openDestination(destination: LogDestination): { write(line: string): void } {
  if (destination === 'stdout') return pino.destination({ dest: 1, ...gathering });
  if (destination === 'stderr') return pino.destination({ dest: 2, ...gathering });
  if ('filePath' in destination)
    return pino.destination({ dest: destination.filePath, mkdir: true, ...gathering });
  return destination;
}
