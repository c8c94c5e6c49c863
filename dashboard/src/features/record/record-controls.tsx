import { ArrowSquareOutIcon, CaretDownIcon, CaretUpIcon, XIcon } from '@phosphor-icons/react';
import { useMemo } from 'react';
import { type KeyBinding, useKeys } from '../../browser/keys.ts';
import { IconButton } from '../../components/icon-button.tsx';
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
      <IconButton label={`${words.previous} (K)`} icon={<CaretUpIcon />} onClick={onPrevious} />
      <IconButton label={`${words.next} (J)`} icon={<CaretDownIcon />} onClick={onNext} />
      {onOpenAlone && (
        <IconButton label={words.openAlone} icon={<ArrowSquareOutIcon />} onClick={onOpenAlone} />
      )}
      {onClose && <IconButton label={`${words.close} (Esc)`} icon={<XIcon />} onClick={onClose} />}
    </div>
  );
}
