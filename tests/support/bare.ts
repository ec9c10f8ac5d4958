/** An environment for scripts in which nothing is set, but where their modules lie compiled: each is started dozens of times. */
export const bare = { NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] };
