import type { IncomingHttpHeaders } from 'node:http';

/** The credentials of the common Indonesian style: a `user_key` header and HTTP Basic. */
export interface Credentials {
  readonly userKey: string;
  readonly username: string;
  readonly password: string;
}

/** The value of HTTP Basic's `authorization` header. */
export function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** Whether a mock is shown the credentials that it accepts. */
export function shows(headers: IncomingHttpHeaders, credentials: Credentials): boolean {
  return headers['user_key'] === credentials.userKey && headers.authorization === basic(credentials.username, credentials.password);
}
