import { Button } from '@cloudflare/kumo/components/button';
import { Checkbox } from '@cloudflare/kumo/components/checkbox';
import { PaperPlaneRightIcon, StopIcon } from '@phosphor-icons/react';
import { isMac } from '../../browser/keys.ts';
import { playgroundWords as words } from '../../words/playground.ts';

interface SendBarProps {
  /** Why some cannot be asked as they are, in sentences. */
  readonly problems: readonly string[];
  readonly count: number;
  /** At least one can be asked. */
  readonly isReady: boolean;
  readonly isRunning: boolean;
  readonly skipsCache: boolean;
  readonly onSkipCache: (skips: boolean) => void;
  readonly onSend: () => void;
  readonly onStop: () => void;
}

/** Always in sight under the conversation, however long that is. */
export function SendBar(props: SendBarProps) {
  const { problems, count, isReady, isRunning, skipsCache, onSkipCache, onSend, onStop } = props;
  return (
    <div className="sticky bottom-0 z-1 flex flex-wrap items-center gap-x-4 gap-y-2 rounded-b-lg border-t border-kumo-hairline bg-kumo-base px-4 py-3">
      {isRunning ? (
        <Button icon={<StopIcon />} onClick={onStop}>
          {words.stopAll} <Keys text="Esc" />
        </Button>
      ) : (
        <Button variant="primary" icon={<PaperPlaneRightIcon />} disabled={!isReady} onClick={onSend}>
          {count > 1 ? words.sendAll : words.send} <Keys text={isMac ? '⌘↵' : 'Ctrl ↵'} />
        </Button>
      )}
      <span title={words.skipCacheHint}>
        <Checkbox label={words.skipCache} checked={skipsCache} onCheckedChange={onSkipCache} />
      </span>
      {problems.length > 0 && <p className="text-sm text-kumo-subtle">{problems.join(' ')}</p>}
    </div>
  );
}

function Keys({ text }: { readonly text: string }) {
  return (
    <span aria-hidden="true" className="hidden text-xs opacity-70 sm:inline">
      {text}
    </span>
  );
}
