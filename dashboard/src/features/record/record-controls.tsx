import { Button } from '@cloudflare/kumo/components/button';
import { ArrowSquareOutIcon, CaretDownIcon, CaretUpIcon, XIcon } from '@phosphor-icons/react';
import { type ReactNode, useMemo } from 'react';
import { type KeyBinding, useKeys } from '../../browser/keys.ts';
import { recordWords as words } from '../../words/record.ts';

interface RecordControlsProps {
  readonly onPrevious: (() => void) | null;
  readonly onNext: (() => void) | null;
  readonly onClose?: () => void;
  readonly onOpenAlone?: () => void;
}

export function RecordControls({ onPrevious, onNext, onClose, onOpenAlone }: RecordControlsProps) {
  useKeys(
    useMemo<readonly KeyBinding[]>(
      () => [
        { keys: 'k', label: words.previous, group: 'page', run: () => onPrevious?.() },
        { keys: 'j', label: words.next, group: 'page', run: () => onNext?.() },
      ],
      [onPrevious, onNext],
    ),
  );
  return (
    <div className="flex shrink-0 items-center">
      <Control label={`${words.previous} (K)`} icon={<CaretUpIcon />} onClick={onPrevious} />
      <Control label={`${words.next} (J)`} icon={<CaretDownIcon />} onClick={onNext} />
      {onOpenAlone && <Control label={words.openAlone} icon={<ArrowSquareOutIcon />} onClick={onOpenAlone} />}
      {onClose && <Control label={`${words.close} (Esc)`} icon={<XIcon />} onClick={onClose} />}
    </div>
  );
}

interface ControlProps {
  readonly label: string;
  readonly icon: ReactNode;
  readonly onClick: (() => void) | null;
}

function Control({ label, icon, onClick }: ControlProps) {
  return (
    <Button
      variant="ghost"
      shape="square"
      size="sm"
      aria-label={label}
      title={label}
      icon={icon}
      disabled={onClick === null}
      onClick={() => onClick?.()}
    />
  );
}
