/**
 * What a reverse proxy says of the client behind it. Anybody can send these fields, so they count only where the operator
 * says that a proxy stands in front (`trust_proxy`).
 */

/** The address that the proxy saw: the last entry, because all before it came from the client. */
export function clientAddress(forwardedFor: string | null, peer: string, trustProxy: boolean): string {
  if (!trustProxy || forwardedFor === null) return peer;
  const last = forwardedFor.split(',').at(-1)!.trim();
  return /^[0-9a-fA-F.:]{2,45}$/.test(last) ? last : peer;
}

/** True when the client's side of the connection is encrypted. The gateway's own socket never is. */
export function isHttps(forwardedProto: string | null, trustProxy: boolean): boolean {
  return trustProxy && forwardedProto !== null && /(^|,)\s*https\s*$/i.test(forwardedProto);
}
