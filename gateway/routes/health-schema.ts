// What the routes say of themselves that machines ask.
import { answerObject, listOf, oneOf, text, time } from '../core/answer-schema.ts';
import type { Operation } from '../core/operation.ts';
import { breakerStates, breakerStatuses } from './circuit-breaker-schema.ts';

/** How the platform can be. */
export const platformStatuses = ['healthy', 'degraded', 'unhealthy'] as const;

const component = answerObject({ status: oneOf(['healthy', 'unhealthy']) });

const healthSchema = answerObject({
  status: oneOf(platformStatuses),
  timestamp: time,
  version: text,
  components: { type: 'object', additionalProperties: component, description: 'By the name of a service' },
  circuit_breakers: {
    type: 'object',
    additionalProperties: answerObject({ status: oneOf(breakerStatuses), state: oneOf(breakerStates) }),
    description:
      'By what is called: the worst that is known of any process. Open is degraded, half open a warning',
  },
});

const health = (status: (typeof platformStatuses)[number], components: object) => ({
  ...{ status, timestamp: '2026-03-01T10:00:00.000Z', version: '0.1.0', components },
  circuit_breakers: {
    registry: { status: 'healthy', state: 'closed' },
    sessions: { status: 'degraded', state: 'open' },
  },
});

const healthy = { status: 'healthy' };
const away = { status: 'unhealthy' };

/** The operations, all of them open. */
export const healthOperations = {
  live: {
    ...{ id: 'isAlive', tag: 'Health', summary: 'Whether the process is alive', isOpen: true },
    answers: {
      200: {
        description: 'It is',
        schema: answerObject({ status: oneOf(['alive']) }),
        example: { status: 'alive' },
      },
    },
  },
  ready: {
    ...{ id: 'isReady', tag: 'Health', summary: 'Whether this gateway may be sent requests', isOpen: true },
    answers: {
      200: {
        description: 'It may',
        schema: answerObject({ status: oneOf(['ready']) }),
        example: { status: 'ready' },
      },
      503: {
        description: 'Not yet, or not any more',
        schema: answerObject({ status: oneOf(['starting', 'draining']), waiting_for: listOf(text) }),
        example: { status: 'starting', waiting_for: ['reports'] },
      },
    },
  },
  health: {
    ...{ id: 'getHealth', tag: 'Health', summary: 'How the platform and its services are', isOpen: true },
    answers: {
      200: {
        description: 'Healthy, or degraded: a part of the API is away',
        schema: healthSchema,
        example: health('degraded', {
          registry: healthy,
          reports: healthy,
          sessions: away,
          orchestrator: healthy,
        }),
      },
      503: {
        description: 'Unhealthy: nothing works without what is away',
        schema: healthSchema,
        example: health('unhealthy', {
          registry: away,
          reports: healthy,
          sessions: healthy,
          orchestrator: healthy,
        }),
      },
    },
  },
  metrics: {
    ...{ id: 'getMetrics', tag: 'Health', summary: 'Measurements for Prometheus', isOpen: true },
    description: 'It is not reachable from outside of a deployment.',
    answers: {
      200: {
        description: 'Text in the format of Prometheus',
        schema: text,
        mediaType: 'text/plain',
        example:
          'domainflow_http_server_duration_seconds_count{route="/api/v1/agents",method="GET",status="200"} 1',
      },
    },
  },
} satisfies Record<string, Operation>;
