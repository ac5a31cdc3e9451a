// Writes the types of the API from docs/openapi.json. They are not committed: whoever checks types makes them first, so
// they are never older than the document.
import { readFile, writeFile } from 'node:fs/promises';
import openapiTS, { astToString } from 'openapi-typescript';

const document = new URL('../../../../docs/openapi.json', import.meta.url);
const target = new URL('../src/api/schema.d.ts', import.meta.url);

const fresh = `// @generated from docs/openapi.json\n\n${astToString(await openapiTS(document, { defaultNonNullable: false }))}`;
if ((await readFile(target, 'utf8').catch(() => '')) !== fresh) await writeFile(target, fresh);
