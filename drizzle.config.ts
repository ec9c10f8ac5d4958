import { defineConfig } from 'drizzle-kit';

export default defineConfig({ dialect: 'postgresql', schema: ['./src/store/tables.ts', './src/store/linkTables.ts', './src/store/eventTables.ts', './src/store/indexTables.ts', './src/store/syncTables.ts', './src/store/exportTables.ts', './src/store/referralTables.ts'], out: './drizzle' });
