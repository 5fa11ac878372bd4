// A gateway for tests: the real one, started from its environment, with neighbours whose handlers the test writes.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type GatewayOptions, type RunningGateway, startGateway } from './app.ts';
import { openDevIssuerKey } from './auth/dev-issuer-key.ts';
import { mintDevToken } from './auth/dev-token.ts';
import {
  type NeighbourHandlers,
  startNeighbours,
  type TestNeighbours,
  type TestNeighboursOptions,
} from './clients/neighbours.for-test.ts';
import { readGatewayConfig } from './config.ts';
import type { ProblemBody } from './core/problem.ts';
import { type AnswerCheck, createAnswerCheck, type WireAnswer } from './http/check-answer.for-test.ts';

/** One answer over the wire. */
export interface TestAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed body; the text where it is not JSON, null where there is none. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
  readonly body: any;
}

/** A request to send. */
export interface TestRequest {
  /** Sent as JSON; a string is sent as it stands. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bearer token; absent sends none. */
  readonly token?: string;
}

/** A running gateway with its neighbours. */
export interface TestGateway {
  readonly gateway: RunningGateway;
  /** `http://host:port`. */
  readonly url: string;
  readonly handlers: NeighbourHandlers;
  readonly ensured: TestNeighbours['ensured'];
  /** A development token of user `ada` of tenant `acme`, unless said otherwise. */
  token(whom?: { tenant?: string; user?: string; roles?: string[]; lifetimeS?: number }): Promise<string>;
  /** Sends `GET /path` and the like; a path without a slash in front is taken below the API base. */
  send(line: string, request?: TestRequest): Promise<TestAnswer>;
  /** Log lines so far but those of reading the description, parsed; the gateway is closed first, so that all have been written. */
  closeAndReadLog(): Promise<readonly Record<string, unknown>[]>;
  close(): Promise<void>;
}

/** How the gateway starts. */
export interface TestGatewayOptions extends TestNeighboursOptions, GatewayOptions {
  /** Puts something between the gateway and the orchestrator, and answers its address. */
  readonly orchestratorVia?: (address: string) => Promise<string>;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a gateway with a development issuer. */
export async function startGatewayForTest(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const neighbours = await startNeighbours(options);
  const folder = await mkdtemp(join(tmpdir(), 'gateway-'));
  const keyFile = join(folder, 'dev-issuer.json');
  const logFile = join(folder, 'log.jsonl');
  const { orchestrator } = neighbours.targets;
  const gateway = await startGateway(
    readGatewayConfig({
      PORT: '0',
      REGISTRY_TARGET: neighbours.targets.registry,
      REPORTS_TARGET: neighbours.targets.reports,
      SESSIONS_TARGET: neighbours.targets.sessions,
      ORCHESTRATOR_TARGET: (await options.orchestratorVia?.(orchestrator)) ?? orchestrator,
      GATEWAY_SIGNING_KEY: JSON.stringify(neighbours.gatewayKey.privateJwk),
      AUTH_DEV_ISSUER: keyFile,
      LOG_FILE: logFile,
      // A test is faster than a person, and its neighbours share its event loop.
      ...{ RATE_USER_PER_S: '0', RATE_USER_PER_DAY: '0', RATE_V2_ADDRESS_PER_MIN: '0' },
      ...{ SHED_LOOP_DELAY_MS: '0', CLOSE_GRACE_MS: '0', OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' },
      ...(options.otlpEndpoint ? { OTEL_EXPORTER_OTLP_ENDPOINT: options.otlpEndpoint } : {}),
      ...options.env,
    }),
    options,
  );
  const url = `http://${gateway.address}`;
  const close = async (): Promise<void> => {
    await gateway.close();
    await neighbours.close();
    await rm(folder, { recursive: true, force: true });
  };
  let check: AnswerCheck | undefined;
  return {
    gateway,
    url,
    handlers: neighbours.handlers,
    ensured: neighbours.ensured,
    token: async ({ tenant = 'acme', user = 'ada', roles = ['editor'], ...rest } = {}) =>
      mintDevToken({ key: await openDevIssuerKey(keyFile), tenant, user, roles, ...rest }),
    send: async (line, request) => {
      check ??= createAnswerCheck(await readDescription(url));
      const answer = await send(url, line, request);
      // Of an answer with some fields alone the description does not say what must be there.
      const faults = line.includes('fields=') ? [] : check(wireAnswer(line, answer));
      if (faults.length > 0)
        throw new Error(`An answer is not as described:\n${faults.slice(0, 10).join('\n')}`);
      return answer;
    },
    closeAndReadLog: async () => {
      await gateway.close();
      const text = await readFile(logFile, 'utf8');
      return text
        .trim()
        .split('\n')
        .map((each) => JSON.parse(each))
        .filter(({ path }) => path !== '/api/v1/openapi.json');
    },
    close,
  };
}

function wireAnswer(line: string, { status, headers, body }: TestAnswer): WireAnswer {
  const [method = '', target = ''] = line.split(' ');
  const { pathname } = new URL(target.startsWith('/') ? target : `/api/v1/${target}`, 'http://gateway');
  return { method, path: pathname, status, mediaType: headers.get('content-type') ?? '', body };
}

async function send(url: string, line: string, request: TestRequest = {}): Promise<TestAnswer> {
  const [method = '', path = ''] = line.split(' ');
  const { body, headers, token } = request;
  const response = await fetch(url + (path.startsWith('/') ? path : `/api/v1/${path}`), {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = /[/+]json/.test(response.headers.get('content-type') ?? '');
  return {
    status: response.status,
    headers: response.headers,
    body: isJson && text ? JSON.parse(text) : text || null,
  };
}

/** The JSON of each line of a body. */
export function parsedLines(text: string): TestAnswer['body'][] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** The problem body of an answer; an error when it is none or lacks a member. */
export function problemOf({ status, headers, body }: TestAnswer): ProblemBody {
  const problem: ProblemBody = body;
  const members = [
    'type',
    'title',
    'status',
    'detail',
    'instance',
    'trace_id',
    'error',
    'error_code',
    'timestamp',
  ];
  const lacking = [...members, 'details'].filter((member) => !(member in Object(problem)));
  if (!headers.get('content-type')?.startsWith('application/problem+json') || lacking.length > 0) {
    throw new Error(`no problem body: ${JSON.stringify(body)} lacks ${lacking.join(', ')}`);
  }
  const agrees =
    problem.status === status && problem.error === problem.detail && problem.error_code === `ERR_${status}`;
  if (!agrees || !/^[0-9a-f]{32}$/.test(problem.trace_id)) {
    throw new Error(`a problem body that contradicts itself: ${JSON.stringify(body)}`);
  }
  return problem;
}

/** The description, once it is given: a gateway that refuses requests for its load refuses this one too. */
async function readDescription(url: string): Promise<TestAnswer['body']> {
  for (;;) {
    const { status, body } = await send(url, 'GET openapi.json');
    if (status !== 503) return body;
  }
}
