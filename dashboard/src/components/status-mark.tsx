interface StatusMarkProps {
  readonly tone: Tone;
  /** The code, or a word. */
  readonly text: string;
  readonly title?: string;
}

export type Tone = 'good' | 'warning' | 'bad' | 'plain';

const SHAPE: Readonly<Record<Tone, string>> = {
  good: 'rounded-full bg-kumo-success',
  warning: 'rounded-xs rotate-45 bg-kumo-warning',
  bad: 'rounded-none bg-kumo-danger',
  plain: 'rounded-full border border-kumo-line',
};

const TEXT: Readonly<Record<Tone, string>> = {
  good: '',
  warning: 'text-kumo-warning',
  bad: 'text-kumo-danger',
  plain: 'text-kumo-subtle',
};

/** A dot and a word: round is well, square is not, turned is limited. Never colour alone. */
export function StatusMark({ tone, text, title }: StatusMarkProps) {
  return (
    <span
      className="inline-flex items-center gap-1.5 whitespace-nowrap"
      {...(title !== undefined && { title })}
    >
      <span aria-hidden="true" className={`size-2 shrink-0 ${SHAPE[tone]}`} />
      <span className={`${/^\d/.test(text) ? 'figures' : ''} ${TEXT[tone]}`}>{text}</span>
    </span>
  );
}
