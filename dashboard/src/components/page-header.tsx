import type { ReactNode } from 'react';

interface PageHeaderProps {
  readonly title: string;
  readonly text?: ReactNode;
  /** Buttons at the right. */
  readonly children?: ReactNode;
}

/** The one h1 of a page. */
export function PageHeader({ title, text, children }: PageHeaderProps) {
  return (
    <div className="mb-4 flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
      <div className="min-w-0">
        <h1 className="text-lg leading-8 font-medium">{title}</h1>
        {text !== undefined && <p className="max-w-2xl text-sm text-kumo-subtle">{text}</p>}
      </div>
      {children !== undefined && <div className="flex flex-wrap items-center gap-2">{children}</div>}
    </div>
  );
}
