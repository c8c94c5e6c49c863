import { formatBytes } from '../../format/numbers.ts';
import { playgroundWords as words } from '../../words/playground.ts';
import type { DraftImage } from './draft.ts';
import { imageFrom } from './from-record.ts';

export const IMAGE_TYPES = 'image/png,image/jpeg,image/gif,image/webp';
/** More than this and the strictest of the providers refuses it. */
export const MOST_IMAGE_BYTES = 5 * 1024 * 1024;
export const MOST_IMAGES = 10;

export interface ImagesReading {
  readonly images: readonly DraftImage[];
  /** One sentence for each file that was not taken. */
  readonly problems: readonly string[];
}

/** Files as images of a message; `room` is how many it can still hold. */
export async function readImages(files: readonly File[], room: number): Promise<ImagesReading> {
  const images: DraftImage[] = [];
  const problems: string[] = [];
  for (const file of files) {
    const name = file.name || words.image;
    if (!IMAGE_TYPES.split(',').includes(file.type)) problems.push(words.imageType(name));
    else if (file.size > MOST_IMAGE_BYTES)
      problems.push(words.imageSize(name, formatBytes(MOST_IMAGE_BYTES)));
    else if (images.length >= room) problems.push(words.imageCount(MOST_IMAGES));
    else {
      const image = imageFrom(await dataUrlOf(file), file.name || null);
      if (image === null) problems.push(words.imageFailed(name));
      else images.push(image);
    }
  }
  return { images, problems: [...new Set(problems)] };
}

function dataUrlOf(file: File): Promise<string | null> {
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(typeof reader.result === 'string' ? reader.result : null);
    reader.onerror = () => resolve(null);
    reader.readAsDataURL(file);
  });
}
