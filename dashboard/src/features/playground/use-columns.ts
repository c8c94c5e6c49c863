import { useCallback, useEffect, useRef, useState } from 'react';
import { many, useAddress } from '../../filters/use-address.ts';
import { type Column, decodeColumns, encodeColumn } from './columns.ts';

/** Browsers refuse to change the address with every key that is pressed. */
const QUIET_MS = 250;

/** The models and their parameters. Their home is the address; what is being typed gets there when it rests. */
export function useColumns(): {
  readonly columns: readonly Column[];
  readonly setColumns: (next: (before: readonly Column[]) => readonly Column[]) => void;
} {
  const { search, change } = useAddress();
  const text = many(search, 'model').join('\n');
  const [columns, setLocal] = useState(() => decodeColumns(many(search, 'model')));
  const written = useRef(text);

  useEffect(() => {
    if (text === written.current) return;
    written.current = text;
    setLocal(decodeColumns(text.split('\n')));
  }, [text]);

  useEffect(() => {
    const encoded = columns.map(encodeColumn);
    if (encoded.join('\n') === written.current) return;
    const timer = setTimeout(() => {
      written.current = encoded.join('\n');
      change({ model: encoded }, { replace: true });
    }, QUIET_MS);
    return () => clearTimeout(timer);
  }, [columns, change]);

  const setColumns = useCallback(
    (next: (before: readonly Column[]) => readonly Column[]) => setLocal((before) => [...next(before)]),
    [],
  );
  return { columns, setColumns };
}
