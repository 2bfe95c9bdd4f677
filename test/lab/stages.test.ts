/** The page's fields set what the experiments know, and say at first what the experiments take when nothing is said. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settingsOf, stages, type Stage } from '../../components/lab/stages.js';
import { experiment, experimentNames } from '../../lab/experiments.js';

/** Where the research's own would take too long to watch. */
const ofThePage = new Set(['stability', 'robustness', 'ablation']);

for (const name of experimentNames) {
  const stage: Stage = stages[name];
  const parse = (settings: unknown) => experiment(name).parse(settings);

  test(`${name}: every field and every choice is a setting`, () => {
    parse(settingsOf(stage, {}));
    for (const field of stage.fields) {
      if (field.kind !== 'choice') continue;
      for (const { value } of field.options) parse(settingsOf(stage, { [field.name]: value }));
    }
  });

  if (ofThePage.has(name)) continue;
  test(`${name}: the fields begin with the experiment's own settings`, () => {
    assert.deepEqual(parse(settingsOf(stage, {})), parse({}));
  });
}
