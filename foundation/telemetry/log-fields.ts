// Fields that every log line of a request carries, such as tenant and principal. They travel in the tracing context, not as parameters.
import { type Context, createContextKey } from '@opentelemetry/api';

/** Short values by log key, such as `{ tenant_id, principal }`. */
export type LogFields = Readonly<Record<string, string>>;

const logFieldsKey = createContextKey('domainflow.log_fields');

/** A context whose log lines carry these fields too; a field given twice has the newer value. */
export function withLogFields(context: Context, fields: LogFields): Context {
  return context.setValue(logFieldsKey, { ...logFieldsOf(context), ...fields });
}

/** The fields of a context, empty when none were set. */
export function logFieldsOf(context: Context): LogFields {
  return (context.getValue(logFieldsKey) as LogFields | undefined) ?? {};
}
