// What must hold of every answer, whatever was asked: no failure of ours, as described, a whole problem, and nothing from inside or of others.
import type { AnswerCheck } from '../../gateway/http/check-answer.for-test.ts';
import type { FuzzAnswer, FuzzRequest } from './send-request.for-test.ts';

const problemMembers = [
  ...['type', 'title', 'status', 'detail', 'instance', 'trace_id', 'error', 'error_code', 'timestamp'],
  'details',
];

/** What a refusal must not tell: where code is, what is asked of databases, who listens where. */
const insideTexts: readonly RegExp[] = [
  ...[/\bat [^\s]+ \(/, /node_modules|node:internal|\/work\/|\/tmp\/|file:\/\//, /\.(?:ts|js|mjs):\d+/],
  ...[
    /\b(?:select|insert into|delete from|update) [^.]{0,200}\b(?:from|where|values|set)\b/i,
    /relation "|violates|constraint "/,
  ],
  ...[/\b(?:registry|orchestrator|reports)\.[a-z]+_[a-z]+/, /(?:127\.0\.0\.1|localhost|\[::1\]):\d+/],
  ...[/ECONN|EPIPE|TypeError|RangeError|SyntaxError|ConnectError|Cannot read|is not a function|\[object /],
];

/** What answers are judged by. */
export interface Judging {
  readonly check: AnswerCheck;
  /** Ids and texts of another tenant. */
  readonly secrets: readonly string[];
  /** Those of them that the asking tenant sent in the body of a request that was carried out, and may find again; grows as answers are judged. */
  readonly kept: Set<string>;
}

/** What is wrong with the answer, a sentence each. */
export function faultsIn(asked: FuzzRequest, answer: FuzzAnswer, judging: Judging): readonly string[] {
  const { status, headers, body } = answer;
  const mediaType = String(headers['content-type'] ?? '');
  const parsed = /[/+]json/.test(mediaType) ? parsedJson(body) : body || null;
  if (parsed === undefined) return [`${mediaType} that is none: ${body.slice(0, 200)}`];
  const path = asked.target.split('?')[0] ?? '';
  const isHead = asked.method === 'HEAD';
  // A path that cannot be decoded is none of the description.
  const isPath = safelyDecoded(path) !== undefined;
  const described =
    isHead || !isPath ? [] : judging.check({ method: asked.method, path, status, mediaType, body: parsed });
  const sent = `${asked.target}${safelyDecoded(asked.target) ?? ''}${JSON.stringify(asked.headers)}${asked.body ?? ''}`;
  const leaks = leaksOf(asked, sent, answer, judging);
  return [
    ...(status >= 500 || status < 200 ? [`answered with ${status}`] : []),
    ...described,
    ...(status >= 400 && !isHead ? problemFaults(answer, parsed) : []),
    ...(status >= 400 ? insideFaults(body, sent) : []),
    ...(leaks.length > 0 ? [`tells ${leaks} of another tenant`] : []),
  ];
}

function leaksOf(
  asked: FuzzRequest,
  sent: string,
  { status, body }: FuzzAnswer,
  { secrets, kept }: Judging,
): readonly string[] {
  const leaks = secrets.filter((it) => body.includes(it) && !sent.includes(it) && !kept.has(it));
  if (status < 300) for (const secret of secrets) if (asked.body?.includes(secret)) kept.add(secret);
  return leaks;
}

function parsedJson(body: string): unknown {
  if (body === '') return null;
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function safelyDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function problemFaults({ status, headers }: FuzzAnswer, body: unknown): readonly string[] {
  const type = String(headers['content-type']);
  if (!type.startsWith('application/problem+json')) return [`${status} is ${type}, not a problem`];
  const problem = Object(body) as Readonly<Record<string, unknown>>;
  const lacking = problemMembers.filter((member) => !(member in problem));
  const { detail, error, error_code, details } = problem;
  const told =
    Array.isArray(details) && details.every(({ field, reason }) => typeof field === 'string' && reason);
  return [
    ...(lacking.length > 0 ? [`the problem lacks ${lacking}`] : []),
    ...(problem.status === status && error_code === `ERR_${status}`
      ? []
      : ['the problem has another status']),
    ...(typeof detail === 'string' && detail !== '' && error === detail
      ? []
      : ['the problem has no sentence']),
    ...(told ? [] : ['the violations are not whole']),
    ...(status === 401 && !headers['www-authenticate'] ? ['401 without a challenge'] : []),
    ...(status === 405 && !headers.allow ? ['405 without Allow'] : []),
  ];
}

function insideFaults(body: string, sent: string): readonly string[] {
  return insideTexts.flatMap((inside) => {
    const [found] = inside.exec(body) ?? [];
    return found === undefined || sent.includes(found) ? [] : [`tells from inside: ${found}`];
  });
}
