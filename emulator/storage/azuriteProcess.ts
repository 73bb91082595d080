import { createRequire } from 'node:module';

// Runs Azurite so that it never outlives the emulator: when the channel to the one who started it breaks, by kill -9
// too, it ends as SIGTERM ends it, and what it holds in memory is written first.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
// With that one its ends of the pipes are gone too, and a word of farewell must not end this before all is written.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

createRequire(import.meta.url)(process.env['AZURITE_PROGRAM'] ?? 'azurite/dist/src/blob/main.js');
