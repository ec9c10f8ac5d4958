// Nothing else may be imported before this check: an older Node does not even parse the rest.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  process.stderr.write(`Payung needs Node.js 24 or newer; this is ${process.versions.node}. Start it with \`npm start\`, which uses the one that \`npm ci\` installed.\n`);
  process.exit(1);
}
await import('./loading.ts');
const { start } = await import('./start.ts');
await start(process.env);
