/** Every word that the laboratory says, apart from what its experiments and figures say of themselves. */
export const labStrings = {
  start: 'Start',
  pause: 'Pause',
  resume: 'Go on',
  again: 'Start again',
  step: 'Step',
  reset: 'Reset',
  play: 'Play',
  seed: 'Seed',
  speed: 'Speed',

  states: {
    idle: 'Not started',
    preparing: 'Preparing',
    ready: 'Ready',
    running: 'Running',
    paused: 'Paused',
    finished: 'Finished',
    error: 'Needs attention',
  },
  progressLabel: 'Progress of the experiment',
  stepOf: (done: string, total: string) => `${done} of ${total}`,
  announce: (percent: string, note: string) => (note === '' ? `${percent} done.` : `${percent} done, ${note}.`),
  empty: 'Press Start, and watch it here.',
  waiting: 'On its way …',
  settings: 'Settings of the experiment',
  still: 'Your system asks for less motion, so the figures stand still meanwhile. Pause or Step shows where it is.',
  restarted: 'A new setting: the experiment begins anew.',

  filesTitle: 'MNIST',
  filesHint: 'Handwritten digits, in four files. They are read here and stay on this device.',
  filesSite: 'This site’s own copy, if it has one.',
  filesChoose: 'Choose the four files…',
  filesChosen: 'Start reads these:',
  filesForget: 'Forget them',
  filesMissing: (names: string) => `Still to choose: ${names}`,
  drop: 'Drop MNIST’s files here',

  claims: 'What was claimed, and what came out',
  claim: 'Claim',
  expected: 'Claimed',
  measured: 'Measured here',
  verdict: 'Holds',
  verdicts: { holds: 'yes', fails: 'no', open: 'undecided' },

  activation: 'Activation function',
  deviation: 'Spread of the pre-activations (standard deviation)',
  finding: (name: string, median: string, beyond: string) =>
    `Half of all units are within ${median} of a straight line; the ${name} moves ${beyond} of them by more than 0.05.`,

  position: 'The input’s way',
  noSuchExperiment: (name: string, names: string) =>
    name === ''
      ? `Say which experiment: experiment="…", one of ${names}.`
      : `There is no experiment “${name}”; there are ${names}.`,
};
