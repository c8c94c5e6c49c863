import { Button } from '@cloudflare/kumo/components/button';
import { visibleText } from '../../format/visible-text.ts';
import { contentWords as words } from '../../words/content.ts';
import { confirm } from '../confirm.tsx';
import { HostileText } from '../hostile-text.tsx';

/** An address that a request named: text, which opens only after a question that shows it whole. */
export function OutsideAddress({ url }: { readonly url: string }) {
  const isOpenable = /^https?:\/\//i.test(url) && URL.canParse(url);
  const open = async (): Promise<void> => {
    const yes = await confirm({
      title: words.openTitle,
      text: words.openText(visibleText(new URL(url).href)),
      action: words.openAction,
    });
    if (yes) window.open(url, '_blank', 'noopener,noreferrer');
  };
  return (
    <span className="flex min-w-0 flex-wrap items-center gap-2">
      <span className="figures min-w-0 break-all">
        <HostileText text={url} />
      </span>
      {isOpenable && (
        <Button size="xs" onClick={() => void open()}>
          {words.open}
        </Button>
      )}
    </span>
  );
}
