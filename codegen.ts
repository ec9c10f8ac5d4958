import type { CodegenConfig } from '@graphql-codegen/cli';

/** Types the ready-made operations against the printed schema, for the tests: `npm run schema`. */
const config: CodegenConfig = {
  schema: 'schema/schema.graphql',
  documents: 'schema/operations/**/*.graphql',
  generates: {
    'tests/support/operations.ts': {
      plugins: ['typescript-operations', 'typed-document-node'],
      config: {
        enumsAsTypes: true,
        useTypeImports: true,
        defaultScalarType: 'string',
        scalars: { ID: 'string' },
      },
    },
  },
};
export default config;
