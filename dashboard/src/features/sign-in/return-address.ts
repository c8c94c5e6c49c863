/** Where to go after signing in: an address of this site, never one that leads away or back to signing in. */
export function returnAddress(wanted: string | undefined): string {
  if (wanted === undefined || !/^\/(?![/\\])/.test(wanted)) return '/';
  const { origin, pathname, search, hash } = new URL(wanted, 'http://here.invalid');
  if (origin !== 'http://here.invalid' || pathname === '/sign-in') return '/';
  return pathname + search + hash;
}
