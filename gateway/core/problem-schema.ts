// The schema of every error answer.
import type { JsonSchema } from './operation.ts';

const text = { type: 'string' };

/** Of a problem; kinds of problems may have members beyond these. */
export const problemSchema: JsonSchema = {
  $id: 'Problem',
  type: 'object',
  description: 'An error (RFC 9457)',
  required: [
    'type',
    'title',
    'status',
    'detail',
    'instance',
    'trace_id',
    'error',
    'error_code',
    'timestamp',
    'details',
  ],
  properties: {
    type: { ...text, description: 'URI that names the kind of problem; it never changes' },
    title: text,
    status: { type: 'integer' },
    detail: { ...text, description: 'A sentence for people' },
    instance: { ...text, description: 'Path of the request' },
    trace_id: {
      ...text,
      pattern: '^[0-9a-f]{32}$',
      description: 'Finds the trace and the log lines of the request',
    },
    error: { ...text, description: 'Same as detail' },
    error_code: { ...text, pattern: '^ERR_[0-9]{3}$' },
    timestamp: { ...text, format: 'date-time' },
    used_by: {
      type: 'array',
      items: text,
      description: 'Only where an agent in use is deleted: what uses it',
    },
    code: {
      ...text,
      description: 'Only where access to a tool is refused: `permission_denied` or `tool_not_found`',
    },
    message: { ...text, description: 'Only on API v2: same as detail' },
    request_id: {
      ...text,
      pattern: '^[0-9a-f]{16}$',
      description: 'Only on API v2: names this one request in logs (`span_id`)',
    },
    details: {
      type: 'array',
      description: 'Everything that is wrong with the request, at once',
      items: {
        type: 'object',
        required: ['field', 'reason'],
        properties: {
          field: { ...text, description: 'JSON path of what is wrong' },
          reason: text,
          message: { ...text, description: 'Only on API v2: field and reason as a sentence' },
          invalid_value: {
            type: ['string', 'null'],
            maxLength: 100,
            description:
              'Only on API v2: what was sent, cut at 100 characters and without secrets; null for nothing',
          },
          constraint: { ...text, description: 'Only on API v2: the rule that is broken' },
        },
      },
    },
  },
};
