import { Text } from 'ink';
import { printable } from '../text-width.ts';
import { looks, type Meaning } from '../theme.ts';

type Props = {
  readonly meaning?: Meaning;
  readonly children: string;
};

/** Text that looks as its meaning says, on one line. */
export function Styled({ meaning = 'plain', children }: Props) {
  return (
    <Text wrap="truncate" {...looks[meaning]}>
      {printable(children)}
    </Text>
  );
}
