import { Button } from '@cloudflare/kumo/components/button';
import { XIcon } from '@phosphor-icons/react';
import { visibleText } from '../../format/visible-text.ts';
import { playgroundWords as words } from '../../words/playground.ts';
import type { DraftImage } from './draft.ts';

interface ThumbnailProps {
  readonly image: DraftImage;
  readonly onRemove: () => void;
}

/** A picture that goes with a message. Only raster images in base64 come here. */
export function Thumbnail({ image, onRemove }: ThumbnailProps) {
  const name = visibleText(image.name ?? words.image);
  return (
    <li className="relative">
      <img
        src={`data:${image.mediaType};base64,${image.data}`}
        alt={name}
        title={name}
        className="size-20 rounded-md border border-kumo-hairline object-cover"
      />
      <Button
        size="xs"
        shape="square"
        className="absolute -top-2 -right-2"
        aria-label={words.removeImage(name)}
        title={words.removeImage(name)}
        icon={<XIcon />}
        onClick={onRemove}
      />
    </li>
  );
}
