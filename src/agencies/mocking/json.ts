import type { MockRequest } from './server.ts';

/** The JSON body of a request; undefined where it is none. */
export function jsonOf(request: MockRequest): unknown {
  try {
    return JSON.parse(request.body);
  } catch {
    return undefined;
  }
}
