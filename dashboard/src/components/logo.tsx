import { shellWords } from '../words/shell.ts';

export function Logo({ withName }: { readonly withName: boolean }) {
  return (
    <span className="inline-flex items-center gap-2 text-kumo-default">
      <svg viewBox="0 0 32 32" className="size-6 shrink-0" aria-hidden="true">
        <rect width="32" height="32" rx="7" className="fill-kumo-brand" />
        <path
          d="M5 13.5c3.7-4.2 7.3-4.2 11 0s7.3 4.2 11 0M5 20.5c3.7-4.2 7.3-4.2 11 0s7.3 4.2 11 0"
          fill="none"
          stroke="#fff"
          strokeWidth="2.6"
          strokeLinecap="round"
        />
      </svg>
      <span className={withName ? 'font-medium' : 'sr-only'}>{shellWords.product}</span>
    </span>
  );
}
