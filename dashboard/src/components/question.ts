/** What `confirm` asks. */
export interface Question {
  readonly title: string;
  readonly text: string;
  /** A verb: what the button does. */
  readonly action: string;
  readonly isDangerous?: boolean;
  /** For what cannot be taken back: this has to be typed first. */
  readonly typed?: string;
}

export interface OpenQuestion extends Question {
  readonly answer: (yes: boolean) => void;
}
