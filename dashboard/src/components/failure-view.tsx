import { Button } from '@cloudflare/kumo/components/button';
import { WarningCircleIcon } from '@phosphor-icons/react';
import { shellWords as words } from '../words/shell.ts';

interface FailureViewProps {
  readonly error: unknown;
  readonly onRetry?: () => void;
  readonly title?: string;
}

/** What failed, why, and the way on. Stands where the data would be. */
export function FailureView({ error, onRetry, title = words.failedTitle }: FailureViewProps) {
  return (
    <div
      role="alert"
      className="flex flex-col items-start gap-2 rounded-lg border border-kumo-hairline bg-kumo-base p-4"
    >
      <p className="flex items-center gap-2 font-medium">
        <WarningCircleIcon size={18} aria-hidden="true" className="text-kumo-danger" />
        {title}
      </p>
      <p className="text-sm break-words text-kumo-subtle">
        {error instanceof Error ? error.message : String(error)}
      </p>
      {onRetry && (
        <Button size="sm" onClick={onRetry}>
          {words.failedRetry}
        </Button>
      )}
    </div>
  );
}
