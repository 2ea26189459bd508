import type { Binding } from './binding.ts';
import { helpKey, quietScrollingKeys } from './shared-keys.ts';

/** The keys while the work goes on: nothing but to look. */
export const progressKeys: readonly Binding[] = [...quietScrollingKeys, helpKey];
