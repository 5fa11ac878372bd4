// Whether a request was signed with the server's key (AWS Signature Version 4), in its headers or in its URL. The signature is computed
// again over what came, so that a changed method, path, parameter or signed header does not pass. Bodies are checked where they are read.
import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { S3Problem } from './s3-problem.ts';

/** The one key pair that a server takes. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The parts of a request that a signature covers. */
export interface SignedRequest {
  readonly method: string;
  /** As it came, encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
}

/** What a request says of its own signature. */
interface Claim {
  readonly credential: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** `YYYYMMDDTHHMMSSZ`. */
  readonly date: string;
  /** Seconds; absent for a signature in headers. */
  readonly expiresS: number | undefined;
}

const service = 's3';
const skewMsMax = 15 * 60 * 1_000;
const expiresSMax = 7 * 24 * 3_600;
const authorizationForm =
  /^AWS4-HMAC-SHA256 Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/;
const dateForm = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

/** Throws an S3Problem unless the request is signed with the key and its time has not run out. */
export async function requireSignature(request: SignedRequest, key: AccessKey, nowMs: number): Promise<void> {
  const claim = claimOf(request);
  const [accessKeyId, day, region = '', ...rest] = claim.credential.split('/');
  const signedMs = timeOf(claim.date);
  if (rest.join('/') !== `${service}/aws4_request` || day !== claim.date.slice(0, 8)) {
    throw new S3Problem(400, 'AuthorizationQueryParametersError', 'The credential scope is malformed.');
  }
  if (accessKeyId !== key.accessKeyId) {
    throw new S3Problem(403, 'InvalidAccessKeyId', 'The access key does not exist in our records.');
  }
  requireInTime(claim, signedMs, nowMs);
  requireSignedHeaders(request, claim);
  const expected = await signatureOf(request, claim, { key, region, signedMs });
  if (!timingSafeEqual(Buffer.from(expected), Buffer.from(claim.signature))) {
    const message = 'The request signature does not match: the request is not as it was signed.';
    throw new S3Problem(403, 'SignatureDoesNotMatch', message);
  }
}

function claimOf({ query, headers }: SignedRequest): Claim {
  const { authorization } = headers;
  const isInUrl = query.has('X-Amz-Signature');
  if (authorization === undefined && !isInUrl) throw new S3Problem(403, 'AccessDenied', 'Access Denied');
  if (authorization !== undefined && isInUrl) {
    throw new S3Problem(400, 'InvalidArgument', 'Only one auth mechanism allowed');
  }
  return authorization === undefined ? claimOfUrl(query) : claimOfHeaders(authorization, headers);
}

function claimOfHeaders(authorization: string, headers: IncomingHttpHeaders): Claim {
  const [, credential, signedHeaders, signature] = authorizationForm.exec(authorization) ?? [];
  if (!credential || !signedHeaders || !signature) {
    throw new S3Problem(400, 'AuthorizationHeaderMalformed', 'The authorization header is malformed.');
  }
  const date = String(headers['x-amz-date'] ?? '');
  return { credential, signedHeaders: signedHeaders.split(';'), signature, date, expiresS: undefined };
}

function claimOfUrl(query: URLSearchParams): Claim {
  const of = (name: string): string => query.get(name) ?? '';
  const expiresS = Number(of('X-Amz-Expires'));
  const isWhole = Number.isInteger(expiresS) && expiresS >= 1 && expiresS <= expiresSMax;
  const signature = of('X-Amz-Signature');
  if (!['', 'UNSIGNED-PAYLOAD'].includes(of('X-Amz-Content-Sha256'))) {
    throw new S3Problem(501, 'NotImplemented', 'URLs are signed without the hash of the body here.');
  }
  if (of('X-Amz-Algorithm') !== 'AWS4-HMAC-SHA256' || !isWhole || !/^[0-9a-f]{64}$/.test(signature)) {
    throw new S3Problem(400, 'AuthorizationQueryParametersError', 'The signature of the URL is malformed.');
  }
  const signedHeaders = of('X-Amz-SignedHeaders').split(';');
  return { credential: of('X-Amz-Credential'), signedHeaders, signature, date: of('X-Amz-Date'), expiresS };
}

function timeOf(date: string): number {
  const [, year, month, day, hour, minute, second] = dateForm.exec(date) ?? [];
  const timeMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(timeMs)) throw new S3Problem(403, 'AccessDenied', 'The request has no valid X-Amz-Date.');
  return timeMs;
}

function requireInTime({ expiresS }: Claim, signedMs: number, nowMs: number): void {
  const isEarly = signedMs > nowMs + skewMsMax;
  if (expiresS === undefined ? isEarly || signedMs < nowMs - skewMsMax : isEarly) {
    throw new S3Problem(403, 'RequestTimeTooSkewed', 'The times of request and server differ too much.');
  }
  if (expiresS !== undefined && nowMs >= signedMs + expiresS * 1_000) {
    throw new S3Problem(403, 'AccessDenied', 'Request has expired');
  }
}

/** As on AWS: the host and every header of S3's own must be covered. */
function requireSignedHeaders({ headers }: SignedRequest, { signedHeaders }: Claim): void {
  const own = Object.keys(headers).filter((name) => name.startsWith('x-amz-'));
  if (!['host', ...own].every((name) => signedHeaders.includes(name))) {
    throw new S3Problem(
      403,
      'AccessDenied',
      'There were headers present in the request which were not signed',
    );
  }
}

async function signatureOf(
  request: SignedRequest,
  { expiresS, signedHeaders }: Claim,
  { key, region, signedMs }: { readonly key: AccessKey; readonly region: string; readonly signedMs: number },
): Promise<string> {
  const signer = new SignatureV4({
    ...{ service, region, credentials: key, sha256: Sha256 },
    uriEscapePath: false,
    applyChecksum: false,
  });
  const signableHeaders = new Set(signedHeaders);
  const options = { signingDate: new Date(signedMs), signableHeaders };
  const covered = signedHeaders.flatMap((name) => {
    const value = request.headers[name];
    return value === undefined ? [] : [[name, String(value)] as const];
  });
  const { method, path } = request;
  const plain = { method, path, protocol: 'http:', hostname: '', headers: Object.fromEntries(covered) };
  if (expiresS === undefined) {
    const signed = await signer.sign({ ...plain, query: queryOf(request.query, []) }, options);
    return authorizationForm.exec(signed.headers.authorization ?? '')?.[3] ?? '';
  }
  // A body that is no text counts as unsigned, which is what the signers of URLs do.
  const query = queryOf(request.query, parametersOfSignature);
  const signed = await signer.presign({ ...plain, query, body: {} }, { ...options, expiresIn: expiresS });
  return String(signed.query?.['X-Amz-Signature']);
}

const parametersOfSignature = [
  'Algorithm',
  'Credential',
  'Date',
  'Expires',
  'SignedHeaders',
  'Signature',
].map((name) => `X-Amz-${name}`);

function queryOf(query: URLSearchParams, without: readonly string[]): Record<string, string | string[]> {
  const names = [...new Set(query.keys())].filter((name) => !without.includes(name));
  return Object.fromEntries(
    names.map((name) => {
      const values = query.getAll(name);
      return [name, values.length === 1 ? (values[0] ?? '') : values];
    }),
  );
}
