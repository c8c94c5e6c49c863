import { crc32 } from 'node:zlib';

/**
 * One message of `application/vnd.amazon.eventstream`: lengths, a checksum over them, headers (all of them strings
 * here), the payload, and a checksum over everything before it.
 */
export function encodeEventMessage(headers: Readonly<Record<string, string>>, payload: Buffer): Buffer {
  const encoded = Object.entries(headers).map(([name, value]) => {
    const nameBytes = Buffer.from(name, 'utf8');
    const valueBytes = Buffer.from(value, 'utf8');
    const field = Buffer.alloc(1 + nameBytes.length + 3 + valueBytes.length);
    field.writeUInt8(nameBytes.length, 0);
    nameBytes.copy(field, 1);
    field.writeUInt8(7, 1 + nameBytes.length);
    field.writeUInt16BE(valueBytes.length, 2 + nameBytes.length);
    valueBytes.copy(field, 4 + nameBytes.length);
    return field;
  });
  const headerBytes = encoded.reduce((sum, field) => sum + field.length, 0);
  const total = 12 + headerBytes + payload.length + 4;
  const message = Buffer.alloc(total);
  message.writeUInt32BE(total, 0);
  message.writeUInt32BE(headerBytes, 4);
  message.writeUInt32BE(crc32(message.subarray(0, 8)), 8);
  let at = 12;
  for (const field of encoded) at += field.copy(message, at);
  payload.copy(message, at);
  message.writeUInt32BE(crc32(message.subarray(0, total - 4)), total - 4);
  return message;
}

export function encodeEvent(type: string, data: unknown): Buffer {
  const headers = { ':event-type': type, ':content-type': 'application/json', ':message-type': 'event' };
  return encodeEventMessage(headers, Buffer.from(JSON.stringify(data)));
}

export function encodeException(type: string, message: string): Buffer {
  const headers = {
    ':exception-type': type,
    ':content-type': 'application/json',
    ':message-type': 'exception',
  };
  return encodeEventMessage(headers, Buffer.from(JSON.stringify({ message })));
}
