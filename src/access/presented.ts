type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** What a request shows to say who is asking: `authorization: Bearer KEY-OR-TOKEN` or `x-api-key: KEY`; null when there is nothing. */
export function presentedCredential(headers: Headers): string | null {
  const bearer = /^Bearer +(\S+)$/i.exec(typeof headers.authorization === 'string' ? headers.authorization : '');
  if (bearer) return bearer[1]!;
  return typeof headers['x-api-key'] === 'string' ? headers['x-api-key'].trim() : null;
}
