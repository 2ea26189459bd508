/** All built-in scalar functions of this folder. */

import { characterFunctions } from './character-functions.ts';
import { dateFunctions } from './date-functions.ts';
import type { ScalarFunction } from './definition.ts';
import { formatMessageFunction } from './format-message.ts';
import { mathFunctions } from './math-functions.ts';
import { sessionFunctions } from './session-functions.ts';
import { systemFunctions } from './system-functions.ts';
import { textFunctions } from './text-functions.ts';
import { joiningFunctions } from './text-joining.ts';
import { searchFunctions } from './text-search.ts';

export const scalarFunctions: readonly ScalarFunction[] = [
  ...textFunctions,
  ...searchFunctions,
  ...joiningFunctions,
  ...characterFunctions,
  ...mathFunctions,
  ...dateFunctions,
  ...sessionFunctions,
  ...systemFunctions,
  formatMessageFunction,
];
