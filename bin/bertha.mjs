#!/usr/bin/env node
import { afterSetup } from '../setup/gate.mjs';

afterSetup(function () {
  return import('../.bertha/build/cli/main.js').then(function (cli) {
    return cli.main(process.argv.slice(2));
  });
});
