import { CopyButton } from './copy-button.tsx';

interface SecretOnceProps {
  readonly title: string;
  readonly text: string;
  readonly value: string;
  readonly copyLabel: string;
}

/** A value that is shown this once: it is in no store, so it cannot be shown again. */
export function SecretOnce({ title, text, value, copyLabel }: SecretOnceProps) {
  return (
    <section
      aria-label={title}
      className="mb-4 rounded-lg border border-kumo-hairline bg-kumo-success-tint p-4"
    >
      <p className="font-medium">{title}</p>
      <p className="text-sm">{text}</p>
      <div className="mt-2 flex items-center gap-2">
        <code className="figures min-w-0 rounded-md bg-kumo-base px-2 py-1 break-all">{value}</code>
        <CopyButton text={value} label={copyLabel} />
      </div>
    </section>
  );
}
