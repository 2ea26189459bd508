import { Box, Text } from 'ink';
import { smallest } from '../layout.ts';

type Props = { readonly height: number };

/** Instead of a page that would be cut somewhere. */
export function TooSmallView({ height }: Props) {
  return (
    <Box height={height} overflow="hidden">
      <Text wrap="wrap">
        {`Please make this window larger: at least ${smallest.columns} columns and ${smallest.rows} rows. Ctrl+C quits.`}
      </Text>
    </Box>
  );
}
