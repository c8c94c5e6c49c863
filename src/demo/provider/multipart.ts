export interface FormPart {
  readonly name: string;
  readonly filename: string | null;
  readonly content: Buffer;
}

/** Reads a multipart/form-data body; null when it is not one, or is broken. */
export function readMultipart(body: Buffer, contentType: string): FormPart[] | null {
  const match = /^multipart\/form-data\s*;.*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType);
  const boundary = match?.[1] ?? match?.[2];
  if (!boundary) return null;
  const delimiter = Buffer.from(`--${boundary}`);
  const parts: FormPart[] = [];
  let at = body.indexOf(delimiter);
  while (at >= 0) {
    const start = at + delimiter.length;
    if (body.subarray(start, start + 2).toString('latin1') === '--') return parts;
    const headEnd = body.indexOf('\r\n\r\n', start);
    const next = body.indexOf(delimiter, start);
    if (headEnd < 0 || next < headEnd) return null;
    const head = body.subarray(start, headEnd).toString('utf8');
    const name = /\bname="([^"]*)"/i.exec(head)?.[1];
    if (name === undefined) return null;
    parts.push({
      name,
      filename: /filename="([^"]*)"/i.exec(head)?.[1] ?? null,
      content: body.subarray(headEnd + 4, next - 2),
    });
    at = next;
  }
  return null;
}
