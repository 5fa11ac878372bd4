// What an error of the AWS SDK means for a tool. Of the error only its name, its status and the reason of a refusal are told: its message
// repeats what was asked, and its response what was answered.
import { ToolFailed } from './agent-tool.ts';

/** How a service is spoken of. */
export interface AwsServiceNames {
  /** The tool that it answers. */
  readonly toolName: string;
  /** Such as `Amazon Location`. */
  readonly service: string;
  /** The setting that chose it with its value, such as `LOCATION_BACKEND=amazon-location`. */
  readonly chosenBy: string;
  /** Settings of where it is. */
  readonly region: string;
  readonly endpoint: string;
}

/** What was asked of whom. */
export interface AwsAsked {
  readonly names: AwsServiceNames;
  /** The permission that the request needs. */
  readonly action: string;
}

interface SdkError {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly Reason?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

interface Meaning {
  /** What the service did. */
  readonly said: string;
  readonly remedy: string;
  readonly isTransient: boolean;
}

const word = /^[A-Za-z]\w{0,79}$/;
const noIdentity = new Set(['CredentialsProviderError', 'TokenProviderError', 'ProviderError']);
const badIdentity = new Set([
  'ExpiredTokenException',
  'ExpiredToken',
  'IncompleteSignature',
  'IncompleteSignatureException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'MissingAuthenticationTokenException',
  'RequestExpired',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
]);
const throttled = new Set([
  'LimitExceededException',
  'RequestLimitExceeded',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
]);

/** The failure as the agent is told it. It has no cause, since logs would show what was asked. */
export function awsFaultOf(error: unknown, asked: AwsAsked): ToolFailed {
  const { said, remedy, isTransient } = meaningOf((error ?? {}) as SdkError, asked);
  const { service, chosenBy } = asked.names;
  return new ToolFailed(`${service} (${chosenBy}) ${said}${remedy && `: ${remedy}`}`, { isTransient });
}

/** A service that did not answer in time. */
export function awsTooLate(names: AwsServiceNames, callMs: number): ToolFailed {
  const { service, chosenBy } = names;
  const said = `did not answer within ${callMs / 1_000} s`;
  return new ToolFailed(`${service} (${chosenBy}) ${said}: ${checkPlace(names)}`, { isTransient: true });
}

/** A service that answered, but nothing that can be used. */
export function awsUnreadable({ service, chosenBy }: AwsServiceNames): ToolFailed {
  const message = `${service} (${chosenBy}) gave an answer that cannot be read`;
  return new ToolFailed(message, { isTransient: false });
}

function checkPlace({ region, endpoint }: AwsServiceNames): string {
  return `an operator can check ${region}, ${endpoint} and the network`;
}

function meaningOf(error: SdkError, { names, action }: AwsAsked): Meaning {
  const status = error.$metadata?.httpStatusCode;
  const name = wordOf(error.name);
  const place = checkPlace(names);
  if (noIdentity.has(name)) {
    const remedy = 'an operator can give the agents service one, such as a role or AWS_ACCESS_KEY_ID';
    return { said: 'cannot be asked, since no AWS identity is found', remedy, isTransient: false };
  }
  if (badIdentity.has(name)) {
    const remedy = 'an operator can check its credentials and its clock';
    return {
      said: `does not accept the AWS identity of the agents service (${name})`,
      remedy,
      isTransient: false,
    };
  }
  if (throttled.has(name) || status === 429) {
    const remedy =
      'an operator can have the quotas of the AWS account raised, or tools may be called less often';
    return { said: 'is asked more often than it allows', remedy, isTransient: true };
  }
  if (status === 401 || status === 403 || name.startsWith('AccessDenied')) {
    const remedy = `an operator can allow ${action} to the AWS identity of the agents service`;
    return { said: `refuses access (${name || status})`, remedy, isTransient: false };
  }
  if (status !== undefined && (status >= 500 || status === 408)) {
    return { said: `answered ${status}`, remedy: place, isTransient: true };
  }
  if (status !== undefined && status >= 300) {
    return { said: `does not take the request (${reasonOf(error, status)})`, remedy: '', isTransient: false };
  }
  if (status !== undefined || name === 'SyntaxError') {
    return { said: 'gave an answer that cannot be read', remedy: place, isTransient: false };
  }
  if (isUnreachable(error)) {
    return { said: `cannot be reached (${wordOf(error.code) || name})`, remedy: place, isTransient: true };
  }
  return { said: `cannot be asked (${name || 'Error'})`, remedy: place, isTransient: false };
}

/** Such as `400 ValidationException, UnknownField`. */
function reasonOf({ name, Reason: reason }: SdkError, status: number): string {
  return [[status, wordOf(name)].join(' ').trim(), wordOf(reason)].filter((one) => one !== '').join(', ');
}

/** Failures of the network and of certificates have a code of the system, those of time a name. */
function isUnreachable({ name, code }: SdkError): boolean {
  return name === 'TimeoutError' || /^[A-Z][A-Z0-9_]+$/.test(wordOf(code));
}

function wordOf(value: unknown): string {
  return typeof value === 'string' && word.test(value) ? value : '';
}
