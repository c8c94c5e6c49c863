import { useEffect, useRef, useState } from 'react';

/** A drawing on an element that is as large as its place. */
export interface Drawn<Drawing> {
  draw(drawing: Drawing): void;
  resize(): void;
  remove(): void;
}

/** Draws once the code that draws has come; until then the space is kept. `load` and `drawing` are made once per change. */
export function useDrawn<Drawing>(
  load: () => Promise<(element: HTMLElement) => Drawn<Drawing>>,
  drawing: Drawing,
) {
  const element = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<Drawn<Drawing> | null>(null);
  useEffect(() => {
    const place = element.current;
    if (!place) return;
    let opened: Drawn<Drawing> | null = null;
    let isGone = false;
    const observer = new ResizeObserver(() => opened?.resize());
    void load().then((open) => {
      if (isGone) return;
      opened = open(place);
      observer.observe(place);
      setChart(opened);
    });
    return () => {
      isGone = true;
      observer.disconnect();
      opened?.remove();
    };
  }, [load]);
  useEffect(() => chart?.draw(drawing), [chart, drawing]);
  return element;
}
