import type { AdaptiveError, ErrorCode } from '../../../core/errors.js';

const texts: Readonly<Record<ErrorCode, string>> = {
  aborted: 'Es wurde abgebrochen.',
  busy: 'Das Modell ist beschäftigt. Halte es erst an.',
  checkpoint: 'Was von diesem Lauf gespeichert ist, lässt sich nicht fortsetzen. Trainiere neu.',
  'corpus-too-short': 'Der Text ist zu kurz. Gib ein paar Seiten oder mehr.',
  'corpus-too-large': 'Der Text ist zu groß. Teile ihn, oder lass etwas weg.',
  'corpus-not-text': 'Das ist kein Text. Nimm eine Textdatei, Markdown oder eine Webseite.',
  diverged: 'Das Training ist aus dem Ruder gelaufen; die letzten guten Gewichte bleiben. Nimm eine kleinere Lernrate.',
  destroyed: 'Das Modell wurde beendet. Lade die Seite neu.',
  'device-lost': 'Die Grafikkarte ist ausgefallen. Versuch es noch einmal.',
  disk: 'Eine Datei lässt sich nicht lesen oder schreiben. Wähle sie noch einmal.',
  'in-use': 'Ein anderer Tab benutzt dieses Modell. Schließe ihn, und versuch es noch einmal.',
  internal: 'Das hätte nicht passieren dürfen. Lade die Seite neu.',
  'invalid-option': 'Eine Einstellung passt nicht.',
  memory: 'Der Arbeitsspeicher reicht nicht. Schließe andere Tabs, oder nimm ein kleineres Modell.',
  'model-config': 'Dieses Modell kann es so nicht geben. Nimm eine andere Datei.',
  'model-file': 'Diese Datei ist kein Modell, das sich lesen lässt. Nimm eine andere Datei.',
  network: 'Das Herunterladen ist gescheitert. Prüfe die Adresse und die Verbindung.',
  'no-model': 'Noch ist kein Modell da. Öffne eine Modelldatei, oder trainiere eines.',
  program: 'Das hätte nicht passieren dürfen. Lade die Seite neu.',
  'storage-full': 'Der Speicher des Browsers ist voll. Lösche etwas, und versuch es noch einmal.',
  unsupported: 'Diesem Browser fehlt, was dafür nötig ist. Nimm einen neueren.',
  worker: 'Das Modell ist abgestürzt. Lade es neu.',
};

/** What an error of the worker means. Of a setting that is refused, the name is said, too. */
export function describe({ code, details }: AdaptiveError): string {
  const field = details['field'];
  if (code === 'invalid-option' && typeof field === 'string' && field !== '') {
    return `Die Einstellung „${field}“ passt nicht. Nimm einen anderen Wert.`;
  }
  return texts[code];
}
