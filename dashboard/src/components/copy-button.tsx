import { Button } from '@cloudflare/kumo/components/button';
import { CheckIcon, CopyIcon } from '@phosphor-icons/react';
import { useEffect, useState } from 'react';
import { shellWords as words } from '../words/shell.ts';
import { notify } from './toasts.ts';

interface CopyButtonProps {
  readonly text: string;
  /** What is copied, for people who do not see where the button stands: `Copy id`. */
  readonly label?: string;
  readonly size?: 'xs' | 'sm' | 'base';
}

const SHOWN_MS = 1500;

export function CopyButton({ text, label = words.copy, size = 'sm' }: CopyButtonProps) {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      notify({ title: words.copyFailed, variant: 'warning' });
    }
  };
  return (
    <>
      <Button
        variant="ghost"
        shape="square"
        size={size}
        title={label}
        aria-label={label}
        icon={isCopied ? <CheckIcon className="text-kumo-success" /> : <CopyIcon />}
        onClick={() => void copy()}
      />
      <span role="status" className="sr-only">
        {isCopied ? words.copied : ''}
      </span>
    </>
  );
}
