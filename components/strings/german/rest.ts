import type { AdaptiveStrings } from '../words.js';
import { describe } from './errors.js';

export const saving: AdaptiveStrings['saving'] = {
  save: 'Sichern',
  saveTitle: 'Das Modell sichern',
  saveAs: 'Als',
  cancel: 'Abbrechen',
  saveForms: {
    exact: ['Modelldatei, genau', 'Öffnet sich hier wieder so, wie es ist, und kann weiterlernen.'],
    half: ['Modelldatei, halb so groß', 'Gewichte in 16 Bit; kaum ein Unterschied.'],
    quarter: ['Modelldatei, ein Viertel so groß', 'Gewichte in 8 Bit: für Seiten, und schreibt schneller.'],
    onnx: ['ONNX', 'Für ONNX Runtime und dergleichen: ein Token als Graph.'],
    pytorch: ['PyTorch', 'Ein state dict mit den Namen aus dem Code des Autors.'],
  },
};

export const stored: AdaptiveStrings['stored'] = {
  title: 'Auf diesem Gerät',
  waiting: 'Es wird nachgesehen …',
  nothing: 'Hier ist nichts gesichert.',
  where: {
    opfs: 'Im privaten Speicher, den dieser Browser für diese Seite hat. Niemand sonst kann es lesen.',
    indexeddb: 'In der Datenbank, die dieser Browser für diese Seite hat. Niemand sonst kann es lesen.',
    disk: 'In Dateien auf diesem Gerät.',
    memory:
      'Dieser Browser behält nichts von dieser Seite, wie in einem privaten Fenster: Mit ihr ist alles weg. Sichere Modelle als Dateien.',
  },
  safe: 'Der Browser hat zugesagt, es zu behalten, bis du es löschst.',
  unsafe: 'Der Browser darf es löschen, wenn auf dem Gerät der Platz ausgeht.',
  persist: 'Den Browser bitten, es zu behalten',
  refused:
    'Der Browser hat nicht zugesagt. Vielleicht tut er es, wenn du die Seite öfter benutzt oder ein Lesezeichen setzt.',
  interrupted: (step, total) => `Training hörte bei Schritt ${step} von ${total} auf`,
  inUse: 'in einem anderen Tab benutzt',
  savedAt: (date) => `gesichert ${date}`,
  unreadable: 'nicht lesbar',
  remove: 'Löschen',
  removeNamed: (name) => `„${name}“ löschen`,
  sure: 'Endgültig löschen',
  keepIt: 'Behalten',
  removed: (name) => `„${name}“ wurde gelöscht.`,
  total: (bytes) => `zusammen ${bytes}`,
  refresh: 'Noch einmal nachsehen',
  describe,
};

export const complete: AdaptiveStrings['complete'] = {
  keys: 'Beim Tippen erscheinen Vorschläge. Tab nimmt einen an, Strg und Pfeil ein Wort davon, Escape schickt ihn weg.',
  suggestion: (text) => `Vorschlag: ${text}`,
  learns: 'Lernt aus dem, was du hier tippst. Es bleibt auf diesem Gerät.',
  forget: 'Vergessen',
  forgotten: 'Vergessen.',
  accept: 'Einfügen:',
  fieldTaken: (id) =>
    `Das Feld „${id}“ hat schon ein <adaptive-complete>. Entferne eines der beiden, oder gib ihm ein anderes Feld.`,
  notAField: (id) =>
    `„${id}“ ist kein Feld, das ergänzt werden kann. Nimm ein <textarea>, oder ein <input> vom Typ text oder search.`,
  secretField: (id) =>
    `„${id}“ enthält Kennwörter oder Zahlungsdaten, die nie gelesen werden. Nimm das <adaptive-complete> davon weg.`,
  noModel: 'Es gibt kein Modell für Vorschläge. Gib dem Element ein src: die Adresse einer Modelldatei.',
  badDelay: (delay) => `delay: erwartet werden Millisekunden von 0 bis 10000, nicht „${delay}“.`,
  describe,
};
