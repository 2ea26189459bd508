import type { Body } from '../rows.ts';
import type { Overlay } from '../state/overlay.ts';
import { quitChoices } from '../transitions/overlays.ts';
import type { WizardState } from '../wizard.ts';
import { questionRows } from './question-rows.ts';

/** The question behind Ctrl+C. */
export function quitBody(state: WizardState, { choice }: Extract<Overlay, { kind: 'quit' }>): Body {
  const isWorking = state.page === 'progress';
  const isPractice = state.practice !== undefined;
  const { question, answers } = isWorking ? whileWorking : isPractice ? inPractice : beforeWork;
  const choices = quitChoices.map((each) => answers[each]);
  return { rows: questionRows(question, choices, choice, state.size) };
}

const beforeWork = {
  question: 'Leave the wizard? Nothing has been changed. Your answers are kept, without passwords.',
  answers: {
    stay: { label: 'Stay', note: 'go on with the questions' },
    leave: { label: 'Leave', note: 'continue another time' },
  },
};

const inPractice = {
  question: 'Leave the wizard? Nothing has been changed.',
  answers: {
    stay: { label: 'Stay', note: 'go on with the questions' },
    leave: { label: 'Leave', note: 'end the practice' },
  },
};

const whileWorking = {
  question: 'Stop the work? What is done stays done; the same command continues it later.',
  answers: {
    stay: { label: 'Go on', note: 'let the work finish' },
    leave: { label: 'Stop safely', note: 'end at the next safe place' },
  },
};
