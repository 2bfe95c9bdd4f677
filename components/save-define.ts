/** Importing this registers the dialog before saving, which is fetched when it is wanted. */
import { register } from './register.js';
import { SaveDialog } from './save-dialog.js';

register({ 'adaptive-lm-save': SaveDialog });

declare global {
  interface HTMLElementTagNameMap {
    'adaptive-lm-save': SaveDialog;
  }
}
