import type { Body } from '../rows.ts';
import type { Overlay } from '../state/overlay.ts';
import { quitChoices } from '../transitions/overlays.ts';
import type { WizardState } from '../wizard.ts';
import { questionRows } from './question-rows.ts';

/** The question behind Ctrl+C. */
export function quitBody(state: WizardState, { choice }: Extract<Overlay, { kind: 'quit' }>): Body {
  const { question, answers } = wordsOf(state);
  const choices = quitChoices.map((each) => answers[each]);
  return { rows: questionRows(question, choices, choice, state.size) };
}

function wordsOf({ page, arriving, practice, hasWritten }: WizardState) {
  if (page === 'progress') return whileWorking;
  if (arriving?.loading !== undefined) return whileLoading;
  const done = hasWritten ? 'What was done stays done.' : 'Nothing has been changed.';
  return practice !== undefined
    ? { question: `Leave the wizard? ${done}`, answers: { stay, leave: endPractice } }
    : {
        question: `Leave the wizard? ${done} Your answers are kept, without passwords.`,
        answers: { stay, leave: anotherTime },
      };
}

const stay = { label: 'Stay', note: 'go on with the questions' };
const anotherTime = { label: 'Leave', note: 'continue another time' };
const endPractice = { label: 'Leave', note: 'end the practice' };

const whileLoading = {
  question: 'Leave while the pack is loaded? It is then not loaded to its end; load it again another time.',
  answers: {
    stay: { label: 'Stay', note: 'let it be loaded' },
    leave: { label: 'Leave', note: 'end at the next safe place' },
  },
};

const whileWorking = {
  question: 'Stop the work? What is done stays done; the same command continues it later.',
  answers: {
    stay: { label: 'Go on', note: 'let the work finish' },
    leave: { label: 'Stop safely', note: 'end at the next safe place' },
  },
};
