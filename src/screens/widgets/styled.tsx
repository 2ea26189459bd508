import { Text } from 'ink';
import type { ReactNode } from 'react';
import { looks, type Meaning } from '../theme.ts';

type Props = {
  readonly meaning?: Meaning;
  readonly children: ReactNode;
};

/** Text that looks as its meaning says, on one line. */
export function Styled({ meaning = 'plain', children }: Props) {
  return (
    <Text wrap="truncate" {...looks[meaning]}>
      {children}
    </Text>
  );
}
