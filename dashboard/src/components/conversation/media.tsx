import { Button } from '@cloudflare/kumo/components/button';
import { FileIcon, ImageIcon, SpeakerHighIcon } from '@phosphor-icons/react';
import { useState } from 'react';
import type { ConversationPart } from '../../../../src/api/contract/conversation.ts';
import { formatBytes } from '../../format/numbers.ts';
import { contentWords as words } from '../../words/content.ts';
import { HostileText } from '../hostile-text.tsx';
import { OutsideAddress } from './outside-address.tsx';

export type MediaPart = Extract<ConversationPart, { type: 'image' | 'audio' | 'file' }>;

const ICONS = { image: ImageIcon, audio: SpeakerHighIcon, file: FileIcon };
/** Pictures and sounds only: an SVG or a page could do more than be looked at. */
const SHOWN = /^data:(?:image\/(?:png|jpe?g|gif|webp|avif)|audio\/[\w.+-]+);base64,[A-Za-z0-9+/=]+$/;

/** What a picture, a sound or a file is; it is shown after a click, and only from the bytes of the request itself. */
export function Media({ part }: { readonly part: MediaPart }) {
  const [isShown, setShown] = useState(false);
  const Icon = ICONS[part.type];
  const data = part.data_url !== null && SHOWN.test(part.data_url) ? part.data_url : null;
  const facts = [part.media_type, part.bytes === null ? null : formatBytes(part.bytes)].filter(
    (fact) => fact !== null,
  );
  return (
    <div className="flex min-w-0 flex-col gap-2 rounded-md border border-kumo-hairline bg-kumo-tint/50 p-3">
      <div className="flex min-w-0 flex-wrap items-center gap-2 text-sm">
        <Icon size={18} aria-hidden="true" className="shrink-0 text-kumo-subtle" />
        <span>{words.kinds[part.type]}</span>
        {part.name !== null && <HostileText text={part.name} />}
        {facts.length > 0 && (
          <span className="figures text-kumo-subtle">
            <HostileText text={facts.join(', ')} />
          </span>
        )}
        {data !== null && part.type !== 'file' && (
          <Button size="xs" aria-expanded={isShown} onClick={() => setShown(!isShown)}>
            {isShown ? words.hideMedia : words.show[part.type]}
          </Button>
        )}
      </div>
      {isShown && data !== null && part.type === 'image' && (
        <img src={data} alt={words.imageAlt} className="max-h-96 max-w-full self-start rounded-sm" />
      )}
      {isShown && data !== null && part.type === 'audio' && (
        // biome-ignore lint/a11y/useMediaCaption: a sound from a request has none
        <audio src={data} controls className="max-w-full" />
      )}
      {part.url !== null && (
        <div className="text-xs text-kumo-subtle">
          {words.remote}
          <OutsideAddress url={part.url} />
        </div>
      )}
      {part.url === null && data === null && part.data_url === null && (
        <p className="text-xs text-kumo-subtle">{words.noData}</p>
      )}
    </div>
  );
}
