/** Lets files and folders be dropped on an element, and tells while something hovers over it. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { droppedFiles, type FoundFile } from './corpus-entries.js';

export class DropTarget implements ReactiveController {
  /** Something that could be dropped is over the element. */
  hovered = false;
  #depth = 0;

  constructor(
    readonly host: ReactiveControllerHost & HTMLElement,
    readonly onFiles: (files: readonly FoundFile[]) => void,
    /** A folder that was dropped cannot be read. */
    readonly onFailure: (thrown: unknown) => void = () => {},
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    for (const type of dragEvents) this.host.addEventListener(type, this);
  }

  hostDisconnected(): void {
    for (const type of dragEvents) this.host.removeEventListener(type, this);
    this.#count(0);
  }

  handleEvent(event: DragEvent): void {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    if (event.type === 'dragenter') this.#count(this.#depth + 1);
    if (event.type === 'dragleave') this.#count(this.#depth - 1);
    if (event.type === 'dragover') event.dataTransfer.dropEffect = 'copy';
    if (event.type !== 'drop') return;
    this.#count(0);
    const found = droppedFiles(event.dataTransfer);
    if (found instanceof Promise) found.then((files) => this.#give(files), this.onFailure);
    else this.#give(found);
  }

  #give(files: readonly FoundFile[]): void {
    if (files.length > 0) this.onFiles(files);
  }

  /** Enter and leave come for each child as well; something is over the element while more entered than left. */
  #count(depth: number): void {
    this.#depth = Math.max(0, depth);
    const hovered = this.#depth > 0;
    if (hovered === this.hovered) return;
    this.hovered = hovered;
    this.host.requestUpdate();
  }
}

const dragEvents = ['dragenter', 'dragover', 'dragleave', 'drop'] as const;
