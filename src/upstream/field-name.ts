const PLACES = 128;
const names: (string | undefined)[] = new Array(PLACES).fill(undefined);

/**
 * The bytes of a field's name as text, the same string each time while no other takes its place in a small table: nearly
 * every answer brings the same names, and comparing bytes costs a fifth of making a string of them.
 */
export function fieldName(bytes: Buffer): string {
  const { length } = bytes;
  if (length === 0) return '';
  const place = (length * 31 + bytes[length >> 1]! * 7 + bytes[length - 1]!) & (PLACES - 1);
  const known = names[place];
  if (known !== undefined && known.length === length && isText(bytes, known)) return known;
  const name = bytes.toString('latin1');
  names[place] = name;
  return name;
}

function isText(bytes: Buffer, text: string): boolean {
  for (let i = 0; i < bytes.length; i++) if (bytes[i] !== text.charCodeAt(i)) return false;
  return true;
}
