// Tells apart how a call of a provider failed. Texts of providers stay inside: they may repeat what they were asked.
import { APICallError } from 'ai';
import type { InvocationFailure } from '../../core/invocation.ts';
import { askedWaitMs } from '../../core/remote/retry-wait.ts';
import { StreamFailed } from './collect-answer.ts';
import { isPassing, ProviderFailed } from './provider-failed.ts';

/** How a call failed that the clock ended. */
export function timedOut(provider: string, timeoutMs: number): ProviderFailed {
  const message = `The model provider ${provider} did not answer within ${timeoutMs / 1_000} s (MODEL_TIMEOUT_S)`;
  return new ProviderFailed({ code: 'model_timeout', message });
}

/** What a thrown value means. */
export function readProviderError(error: unknown, provider: string, nowMs: number): ProviderFailed {
  if (error instanceof ProviderFailed) return error;
  if (APICallError.isInstance(error)) return answered(error, provider, nowMs);
  if (error instanceof StreamFailed) {
    const message = `The model provider ${provider} broke its answer off`;
    return new ProviderFailed({ code: 'model_error', message }, { retryable: true });
  }
  return unreachable(error, provider);
}

function answered(error: APICallError, provider: string, nowMs: number): ProviderFailed {
  const { statusCode: status, responseHeaders: headers = {} } = error;
  // A stream that cannot be read fails with the status of its head, which was fine.
  if (status === undefined || status < 300) return unreachable(error.cause, provider);
  if (!isPassing(status)) return new ProviderFailed(refused(status, provider), { status });
  const retryAfterMs = askedWaitMs({ headers, nowMs });
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  const said = status === 429 ? 'lets no more calls through for now' : `answered with status ${status}`;
  const message = `The model provider ${provider} ${said}`;
  return new ProviderFailed({ code: 'model_error', message, ...wait }, { status, headers, retryable: true });
}

function refused(status: number, provider: string): InvocationFailure {
  const remedies: Readonly<Record<number, string>> = {
    401: 'check its API key (MODEL_API_KEY)',
    403: 'check what its API key may use (MODEL_API_KEY)',
    404: 'check the name of the model (MODEL_NAME, or the setting model of the agent) and MODEL_BASE_URL',
    413: 'the prompt and the input together are too long for it',
  };
  const redirect = 'it redirects, which is not followed with an API key: check MODEL_BASE_URL';
  const remedy =
    status < 400 ? redirect : (remedies[status] ?? "check the agent's settings, and what the model can do");
  const message = `The model provider ${provider} refuses the call with status ${status}: ${remedy}`;
  return { code: 'model_unavailable', message };
}

const neverConnected = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

function unreachable(error: unknown, provider: string): ProviderFailed {
  const isConnected = !codesOf(error).some((code) => neverConnected.has(code));
  const said = isConnected ? 'broke the connection' : 'cannot be reached';
  return new ProviderFailed(
    { code: 'model_error', message: `The model provider ${provider} ${said}` },
    { retryable: true },
  );
}

/** Codes of an error and of what lies under it, a few levels deep. */
function codesOf(error: unknown, depth = 0): string[] {
  if (typeof error !== 'object' || error === null || depth > 4) return [];
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown };
  const inner = [cause, ...(Array.isArray(errors) ? errors : [])].flatMap((each) => codesOf(each, depth + 1));
  return [...(typeof code === 'string' ? [code] : []), ...inner];
}
