// Compresses JSON that is read: answers to GET of more than a kilobyte. Answers to other methods stay as they are, since some hold a secret
// beside what the caller wrote (BREACH), and so do streams, whose pieces must not wait for each other.
import { constants } from 'node:zlib';
import compress from '@fastify/compress';
import type { FastifyInstance } from 'fastify';

/** Smaller answers are sent as they are, in bytes. */
const bytesMin = 1_024;
/** Up to this size it takes less time to compress at once than to hand it to another thread, in bytes. */
const atOnceMax = 16 * 1_024;
/** What higher qualities save costs more time than it is worth. */
const brotliQuality = 4;

const json = /^application\/(?:[a-z]+\+)?json(?:;|$)/;

/** Compresses answers of the routes that are registered from now on. */
export async function addCompression(app: FastifyInstance): Promise<void> {
  app.addHook('onRoute', (route) => {
    if (route.method !== 'GET') route.compress = false;
  });
  await app.register(compress, {
    globalDecompression: false,
    encodings: ['br', 'gzip'],
    customTypes: json,
    threshold: bytesMin,
    syncThreshold: atOnceMax,
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: brotliQuality } },
  });
}
