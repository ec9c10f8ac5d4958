import { enableCompileCache, registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

// How modules are loaded; imported before all others. A later start takes them as this one has compiled them; where the folder cannot be written, nothing is kept.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url)));

const ofDrizzle = /\/node_modules\/drizzle-orm\/.*\.js$/;

/**
 * Node (24.21, 26.10) reads the whole package.json of a package anew for each of its modules: for drizzle-orm's, of 180 kB, that is half a second, a third of what it
 * takes to load the hub. Its modules name each other by their files, so that nothing in it needs to be looked up.
 */
registerHooks({
  resolve(specifier, context, next) {
    const inside = specifier.startsWith('.') && ofDrizzle.test(context.parentURL ?? '');
    return inside ? { url: new URL(specifier, context.parentURL).href, format: 'module', shortCircuit: true } : next(specifier, context);
  },
});
