// What the routes of circuit breakers say of themselves.
import {
  answerObject,
  count,
  flag,
  listOf,
  named,
  namedObject,
  oneOf,
  text,
  textOrNull,
  time,
  timeOrNull,
} from '../core/answer-schema.ts';
import type { Operation } from '../core/operation.ts';
import { objectSchema } from '../http/schema-parts.ts';

/** What a breaker does with calls. */
export const breakerStates = ['closed', 'half_open', 'open'] as const;

/** States as they may be asked for. */
export const wantedStates = ['open', 'closed', 'half-open', 'half_open'] as const;

/** What the states mean for whoever looks after the platform. */
export const breakerStatuses = ['healthy', 'warning', 'degraded'] as const;

const ofProcess = answerObject({
  process_id: { type: 'string', format: 'uuid', description: 'Of this start of the process' },
  service: text,
  host: { ...text, description: 'Name of the machine or pod' },
  state: oneOf(breakerStates),
  since: time,
  open_until: { ...timeOrNull, description: 'When calls are tried again; null unless it is open' },
  in_a_row: { ...count, description: 'Failures in a row while closed, successes in a row while half open' },
  forced: { ...flag, description: 'Whether it is in a state that it was put into by force' },
});

/** All breakers of a name. */
export const circuitBreakerSchema = namedObject(
  ['CircuitBreaker', 'What lets calls through to a part that processes depend on'],
  {
    service: {
      ...text,
      description: 'What is called, such as `registry`, `database`, `model:<provider>`, `tool:<name>`',
    },
    status: oneOf(breakerStatuses),
    state: { ...oneOf(breakerStates), description: "The worst of the processes'" },
    processes: listOf(ofProcess),
  },
);

const example = {
  ...{ service: 'reports', status: 'degraded', state: 'open' },
  processes: [
    {
      ...{ process_id: '5b8f3c52-7d1e-4b43-9c0e-2f6a1d9e4b07', service: 'gateway', host: 'gateway-0' },
      ...{ state: 'open', since: '2026-03-01T10:00:00.000Z', open_until: '2026-03-01T10:01:00.000Z' },
      ...{ in_a_row: 0, forced: true },
    },
  ],
};

const params = { service: { ...text, description: 'What is called, as in the list' } };
const answered = { schema: named('CircuitBreaker'), example };

/** The operations. */
export const circuitBreakerOperations = {
  list: {
    ...{
      id: 'listCircuitBreakers',
      tag: 'Health',
      summary: 'How the circuit breakers of all processes stand',
    },
    description: `Those of the platform, and those of the tools and workers of your tenant that were called lately. While the registry, which knows
them all, cannot be asked, those of the gateway process that answers are told, and \`complete\` is false.
Processes of reports and sessions do not tell theirs.`,
    answers: {
      200: {
        description: 'By name',
        schema: answerObject({
          status: { ...oneOf(breakerStatuses), description: 'The worst of all' },
          timestamp: time,
          complete: flag,
          detail: { ...textOrNull, description: 'What is missing; null when nothing is' },
          circuit_breakers: listOf(named('CircuitBreaker')),
        }),
        example: {
          ...{ status: 'degraded', timestamp: '2026-03-01T10:00:00.000Z', complete: true, detail: null },
          circuit_breakers: [example],
        },
      },
    },
  },
  get: {
    ...{
      id: 'getCircuitBreaker',
      tag: 'Health',
      summary: 'How the circuit breakers of one name stand',
      params,
    },
    answers: { 200: { description: 'In each process', ...answered } },
  },
  force: {
    ...{
      id: 'forceCircuitBreaker',
      tag: 'Health',
      summary: 'Put circuit breakers into a state by force',
      params,
    },
    description: `In every process within two seconds, until the next change by itself: open for 60 seconds, then half open; half open until
calls have succeeded or one has failed; closed until calls fail.`,
    querystring: objectSchema({ state: { type: 'string', enum: wantedStates } }, ['state']),
    answers: {
      200: {
        description: 'It is asked of all processes',
        schema: answerObject({ message: text, id: text, service: text, state: oneOf(breakerStates) }),
        example: {
          message: 'The circuit breaker is being put into its state in every process',
          ...{ id: '019caa7d-3e5f-7b4f-8f7e-5a9d2c1b0a98', service: 'reports', state: 'open' },
        },
      },
    },
  },
} satisfies Record<string, Operation>;
