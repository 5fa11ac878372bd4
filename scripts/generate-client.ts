#!/usr/bin/env node
// Generates the types of the typed client from the description of the API that this checkout's gateway would serve.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describedApi } from '../gateway/routes/described-api.ts';
import { apiTypes } from './api-client/api-types.ts';
import type { OpenApiDocument } from './api-client/open-api.ts';

/** Writes the types into `clients/api/gen` below `outputRoot`. */
export async function generateClient(outputRoot: string): Promise<void> {
  const document = (await describedApi()) as unknown as OpenApiDocument;
  const folder = join(outputRoot, 'clients', 'api', 'gen');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'api-types.ts'), await apiTypes(document));
}

if (import.meta.main) await generateClient(join(import.meta.dirname, '..'));
