import { Button } from '@cloudflare/kumo/components/button';
import type { ReactNode } from 'react';

interface IconButtonProps {
  /** Read out, and shown when the pointer rests on it. */
  readonly label: string;
  readonly icon: ReactNode;
  readonly isBusy?: boolean;
  /** Null when there is nothing to do: then it cannot be pressed. */
  readonly onClick: (() => void) | null;
}

/** A small button that is a picture. */
export function IconButton({ label, icon, isBusy = false, onClick }: IconButtonProps) {
  return (
    <Button
      variant="ghost"
      shape="square"
      size="sm"
      aria-label={label}
      title={label}
      icon={icon}
      loading={isBusy}
      disabled={onClick === null}
      onClick={() => onClick?.()}
    />
  );
}
