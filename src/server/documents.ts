/** The documents that callers may run, as the endpoint sees them. */
export interface DocumentGate<K> {
  /** The text of a trusted document by its id; null where there is none. */
  find(id: string): string | null;
  /** Whether the caller may run a document that it sends itself. */
  mayRun(caller: K, text: string): boolean;
}

/** What a request asks to be run: a text, and whether the caller may; or what is wrong with how it asks. */
export type Choice =
  | { readonly text: string | null; readonly trusted: boolean }
  | { readonly refused: 'BAD_REQUEST' | 'DOCUMENT_NOT_FOUND'; readonly message?: string };

const idForm = /^sha256:[0-9a-f]{64}$/;

/** Finds the document of a request: its own (`query`), or the trusted one that it names (`documentId`), as the draft on persisted documents of GraphQL over HTTP has it. */
export function chooseDocument(gate: Pick<DocumentGate<never>, 'find'> | null, parameters: unknown): Choice {
  const { query, documentId }: { query?: unknown; documentId?: unknown } = typeof parameters === 'object' && parameters !== null ? parameters : {};
  if (documentId === undefined || documentId === null) return { text: typeof query === 'string' ? query : null, trusted: false };
  if (query !== undefined && query !== null) return { refused: 'BAD_REQUEST', message: 'Send `query` or `documentId`, not both.' };
  if (typeof documentId !== 'string' || !idForm.test(documentId)) return { refused: 'BAD_REQUEST', message: '`documentId` is `sha256:` and 64 hexadecimal digits in lower case.' };
  const text = gate?.find(documentId) ?? null;
  return text === null ? { refused: 'DOCUMENT_NOT_FOUND' } : { text, trusted: true };
}
