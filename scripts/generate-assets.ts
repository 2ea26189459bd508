import { mkdir, writeFile } from 'node:fs/promises';
import { answersJsonSchema } from '../src/core/answers/schema.ts';
import { featuresAsPage } from '../src/practice/feature-text.ts';

// `npm run assets`, after a step or a register of the practice server has changed; a test tells when it was forgotten.
const path = new URL('../assets/answers.schema.json', import.meta.url);
await writeFile(path, `${JSON.stringify(answersJsonSchema(), undefined, 2)}\n`);

const docs = new URL('../docs/', import.meta.url);
await mkdir(docs, { recursive: true });
await writeFile(new URL('practice-server.md', docs), featuresAsPage());
