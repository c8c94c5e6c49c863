import type { Part } from '../../core/conversation.ts';
import { MOST_PARTS } from './loose-body.ts';
import { mediaPart, textPart } from './parts.ts';
import type { RequestReading } from './reading.ts';

/** Larger files are named, not shown. */
const LARGEST_SHOWN = 1024 * 1024;
const LONGEST_HEAD = 16 * 1024;
const LONGEST_FIELD = 64 * 1024;

/** A form with files: its parts with name and size, in one message. Null when it is none. */
export function readMultipart(bytes: Buffer, contentType: string): RequestReading | null {
  const boundary = /;\s*boundary=(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i.exec(contentType);
  const mark = boundary?.[1] ?? boundary?.[2];
  if (mark === undefined) return null;
  const parts: Part[] = [];
  const parameters: Record<string, string> = {};
  let model: string | null = null;
  for (const { head, body } of sections(bytes, `--${mark}`)) {
    const name = field(head, /\bname="([^"]*)"/i) ?? '';
    const fileName = field(head, /\bfilename="([^"]*)"/i);
    const type = field(head, /^content-type:\s*([^\s;]+)/im);
    if (fileName !== null) parts.push(readFile(body, type, fileName));
    else if (name === 'model') model = body.toString('utf8', 0, 512);
    else if (name === 'prompt') parts.push(...textPart(body.toString('utf8')));
    else if (name !== '__proto__') parameters[name.slice(0, 512)] = body.toString('utf8', 0, LONGEST_FIELD);
  }
  return {
    dialect: 'multipart',
    model,
    system: [],
    messages: parts.length === 0 ? [] : [{ role: 'user', parts }],
    omittedMessages: 0,
    tools: [],
    parameters,
  };
}

function readFile(body: Buffer, type: string | null, name: string): Part {
  const kind = type?.split('/', 1)[0];
  const shown = mediaPart(
    kind === 'image' || kind === 'audio' ? kind : 'file',
    body.length <= LARGEST_SHOWN ? body.toString('base64') : '',
    type,
    name.slice(0, 512),
  );
  return { ...shown, bytes: body.length } as Part;
}

/** A last part that was cut is given as far as it goes. */
function* sections(bytes: Buffer, mark: string): Generator<{ readonly head: string; readonly body: Buffer }> {
  let at = bytes.indexOf(mark);
  for (let count = 0; at >= 0 && count < MOST_PARTS; count++) {
    const start = at + mark.length;
    if (bytes.toString('latin1', start, start + 2) === '--') return;
    const next = bytes.indexOf(`\r\n${mark}`, start);
    const end = next < 0 ? bytes.length : next;
    const blank = bytes.indexOf('\r\n\r\n', start);
    if (blank >= 0 && blank < end && blank - start <= LONGEST_HEAD)
      yield { head: bytes.toString('utf8', start, blank), body: bytes.subarray(blank + 4, end) };
    at = next < 0 ? -1 : next + 2;
  }
}

function field(head: string, pattern: RegExp): string | null {
  return pattern.exec(head)?.[1] ?? null;
}
