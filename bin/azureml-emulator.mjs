#!/usr/bin/env node
import { afterSetup } from '../setup/gate.mjs';

// The program begins to run as it is imported, and sets its own exit code where it fails.
afterSetup(function () {
  return import('../.bertha/build/emulator/main.js').then(function () {
    return process.exitCode ?? 0;
  });
});
