import fc from 'fast-check';
import { FIXED_SEED } from './practice/campaign.ts';

// `npm test` says the same every time: without this each run would try other cases. STOREDB_FUZZ_SEED gives another seed.
fc.configureGlobal({ seed: Number(process.env.STOREDB_FUZZ_SEED ?? FIXED_SEED) });
