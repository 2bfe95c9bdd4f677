/** The progress of a download as the Prompt API's monitor tells it. */

/** Of the shape of a ProgressEvent, which Node does not have. */
export class DownloadProgressEvent extends Event {
  /** Always: what is told is a part of 1. */
  readonly lengthComputable = true;
  /** What `loaded` is a part of. */
  readonly total = 1;

  constructor(
    /** 0 … 1 of the model file. */
    readonly loaded: number,
  ) {
    super('downloadprogress');
  }
}

/** Fires 0 first and 1 last, each once, and never less than before. */
export class DownloadMonitor extends EventTarget {
  #loaded = -1;

  /** `total` is null while nobody knows how much will come. */
  tell(loaded: number, total: number | null): void {
    this.#rise(total ? Math.min(loaded / total, 1) : 0);
  }

  finish(): void {
    this.#rise(0);
    this.#rise(1);
  }

  #rise(loaded: number): void {
    if (loaded <= this.#loaded) return;
    this.#loaded = loaded;
    this.dispatchEvent(new DownloadProgressEvent(loaded));
  }
}
