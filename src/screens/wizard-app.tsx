import { Box, useCursor } from 'ink';
import { useSyncExternalStore } from 'react';
import { frameOf } from './frame.ts';
import { glyphSets } from './glyphs.ts';
import { bodyHeight, contentWidth, frameHeight, isTooSmall, margin, messageHeight } from './layout.ts';
import { tooSmallWords } from './pages/too-small.ts';
import { HeadView } from './widgets/head-view.tsx';
import { KeyLine } from './widgets/key-line.tsx';
import { RowView } from './widgets/row-view.tsx';
import { Rule } from './widgets/rule.tsx';
import { Styled } from './widgets/styled.tsx';
import { TooSmallView } from './widgets/too-small-view.tsx';
import type { WizardState } from './wizard.ts';

/** What the screens are drawn from; `connectWizard` makes one. */
export type WizardSource = {
  readonly subscribe: (listener: () => void) => () => void;
  readonly state: () => WizardState;
};

type Props = { readonly source: WizardSource };

/**
 * The wizard's screens. It draws and does nothing else: keys go to the store past React, because a key that arrives
 * between two frames must meet the state that the key before it made.
 */
export function WizardApp({ source }: Props) {
  const state = useSyncExternalStore(source.subscribe, source.state);
  return isTooSmall(state.size) ? (
    <TooSmallView words={tooSmallWords(state)} height={frameHeight(state.size)} />
  ) : (
    <Screen state={state} />
  );
}

function Screen({ state }: { readonly state: WizardState }) {
  const { head, body, message, keys, cursor } = frameOf(state);
  const { setCursorPosition } = useCursor();
  setCursorPosition(cursor);
  const glyphs = glyphSets[state.glyphs];
  const width = contentWidth(state.size);
  return (
    <Box
      flexDirection="column"
      width={width + 2 * margin}
      height={frameHeight(state.size)}
      paddingX={margin}
      overflow="hidden"
    >
      <HeadView head={head} />
      <Rule
        width={width}
        glyphs={glyphs}
        note={body.above > 0 ? `${glyphs.moreAbove} ${body.above} more` : ''}
      />
      <Box flexDirection="column" height={bodyHeight(state.size)} overflow="hidden">
        {body.rows.map((row, index) => (
          // Rows have no identity of their own: a row is its place on the screen.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <Box key={index} height={1} flexShrink={0} flexDirection="column" overflow="hidden">
            <RowView row={row} width={width} glyphs={glyphs} />
          </Box>
        ))}
      </Box>
      <Rule
        width={width}
        glyphs={glyphs}
        note={body.below > 0 ? `${glyphs.moreBelow} ${body.below} more` : ''}
      />
      <Box flexDirection="column" height={messageHeight(state.size)} overflow="hidden">
        {message.lines.map((line) => (
          <Styled key={line} meaning={message.meaning}>
            {line}
          </Styled>
        ))}
      </Box>
      <KeyLine hints={keys} />
    </Box>
  );
}
