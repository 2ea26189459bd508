import { Box, Text } from 'ink';

type Props = { readonly words: string; readonly height: number };

/** Words alone, in whatever room there is. */
export function TooSmallView({ words, height }: Props) {
  return (
    <Box height={height} overflow="hidden">
      <Text wrap="wrap">{words}</Text>
    </Box>
  );
}
