import { parse, validate } from 'graphql';
import { type TrustedDocument, trustedDocumentOf } from './access/documents.ts';
import { schema } from './graph/schema.ts';
import { readOperations } from './server/explorer/operations.ts';
import { documentFault } from './server/shape.ts';

/** An operation that may be published. */
export interface TrustedOperation extends TrustedDocument {
  readonly name: string;
}

/** Reads the operations of a folder; throws, naming the file's operation, where one does not fit the schema or is larger than any may be. */
export async function readTrusted(folder: string): Promise<TrustedOperation[]> {
  const operations = await readOperations(folder);
  return operations.map(({ name, query }) => {
    const fault = validate(schema, parse(query))[0]?.message ?? documentFault(query);
    if (fault !== null) throw new Error(`${name} cannot be published: ${fault}`);
    return { name, ...trustedDocumentOf(query) };
  });
}
