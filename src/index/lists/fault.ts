/** Why a list cannot be given: the caller's doing, in words that repeat nothing of what was sent. */
export class ListFault extends Error {
  override readonly name = 'ListFault';
  readonly code: 'BAD_USER_INPUT' | 'QUERY_TOO_COMPLEX';
  constructor(code: ListFault['code'], message: string) {
    super(message);
    this.code = code;
  }
}

export function wrongInput(message: string): ListFault {
  return new ListFault('BAD_USER_INPUT', message);
}
