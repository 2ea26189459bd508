export { elapsed, practiceNotice, riskWord } from '../core/words.ts';
