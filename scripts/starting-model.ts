// Makes the model that the demo starts with, from the synthetic world: `npm run starting-model`. A test makes it again and compares.
import { writeFile } from 'node:fs/promises';
import { startingModelFile } from '../src/identity/starting/install.ts';
import { makeStartingModel } from '../src/identity/starting/make.ts';

const made = makeStartingModel();
await writeFile(startingModelFile, `${JSON.stringify(made)}\n`);
process.stdout.write(`model ${made.model.version}: ${made.from}\n`);
