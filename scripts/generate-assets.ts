import { writeFile } from 'node:fs/promises';
import { answersJsonSchema } from '../src/core/answers/schema.ts';

// Run with `node scripts/generate-assets.ts` after a step has changed; a test tells when it was forgotten.
const path = new URL('../assets/answers.schema.json', import.meta.url);
await writeFile(path, `${JSON.stringify(answersJsonSchema(), undefined, 2)}\n`);
