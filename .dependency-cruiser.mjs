// Who may import whom: docs/ARCHITECTURE.md as data. Each rule says why; test/house/import-rules.test.ts plants a
// violation of each.

const folders = ['domain', 'recipes', 'corpus', 'workflows', 'activities', 'azure', 'emulator', 'stack', 'cli', 'test'];

const inside = (...names) => `^(${names.join('|')})/`;
const npm = (...names) => `(^|/)node_modules/(${names.join('|')})/`;
/** Our own code outside the given folders, the files at the top included. */
const oursBeside = (...names) =>
  `${inside(...folders.filter((folder) => !names.includes(folder)))}|^(client|worker)\\.ts$`;
/** All kinds of npm dependency, whether declared or not. */
const anyPackage = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'];

const rules = [
  {
    name: 'domain-is-pure',
    comment: 'domain/ holds words and decisions only: no I/O, no clock, nothing that the workflow sandbox lacks.',
    from: { path: inside('domain') },
    to: { pathNot: [inside('domain'), npm('zod', '@noble/hashes')] },
  },
  {
    name: 'workflows-replay',
    comment:
      'workflows/ is replayed: it takes from domain/ and the workflow SDK only, never from recipes/, azure/ or Node.js.',
    from: { path: inside('workflows') },
    to: { pathNot: [inside('workflows', 'domain', 'activities'), npm('@temporalio/workflow', '@temporalio/common')] },
  },
  {
    name: 'workflows-know-activity-types-only',
    comment: 'A value import of an activity bundles it, silently, into the workflow: write `import type`.',
    from: { path: inside('workflows') },
    to: { path: inside('activities'), dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'activities-know-no-caller',
    comment:
      'activities/ do the work with domain/, recipes/, corpus/ and azure/; who calls them, and where, is not theirs to know.',
    from: { path: inside('activities') },
    to: { path: oursBeside('activities', 'domain', 'recipes', 'corpus', 'azure', 'workflows') },
  },
  {
    name: 'activities-know-workflow-types-only',
    comment: 'Workflow code works in the sandbox only: an activity may know its types, never its values.',
    from: { path: inside('activities') },
    to: { path: inside('workflows'), dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'azure-serves-domain',
    comment: 'azure/ translates between the vendor and the words of domain/, and knows no other part of ours.',
    from: { path: inside('azure') },
    to: { path: oursBeside('azure', 'domain') },
  },
  {
    name: 'azure-takes-vendor-packages-only',
    comment: 'azure/ is the thin seam to the vendor: its SDKs, Node.js, and zod for what the SDKs do not parse.',
    from: { path: inside('azure') },
    to: { dependencyTypes: anyPackage, pathNot: npm('@azure', 'zod') },
  },
  {
    name: 'only-azure-knows-the-vendor',
    comment:
      'One folder knows Azure, so that a change of its API is a change of one folder. The emulator reads Blob as a job does.',
    from: { pathNot: inside('azure', 'emulator', 'test') },
    to: { path: npm('@azure', '@azure-rest') },
  },
  {
    name: 'emulator-shares-no-code',
    comment:
      'emulator/ and the product meet on HTTP only: shared code would let one misreading of Azure pass on both sides.',
    from: { path: inside('emulator') },
    to: { path: oursBeside('emulator') },
  },
  {
    name: 'nobody-imports-the-emulator',
    comment: 'emulator/ is a program of its own: stack/ starts it as a child process, tests alone may import it.',
    from: { pathNot: inside('emulator', 'test') },
    to: { path: inside('emulator') },
  },
  {
    name: 'corpus-stands-alone',
    comment: 'corpus/ turns a dump into shards, a tool that is useful without the rest.',
    from: { path: inside('corpus') },
    to: { path: oursBeside('corpus') },
  },
  {
    name: 'corpus-takes-few-packages',
    comment: 'corpus/ handles terabytes: each package in its way is chosen by hand and named here.',
    from: { path: inside('corpus') },
    to: { dependencyTypes: anyPackage, pathNot: npm('saxes', '@foxglove/wasm-bz2', 'zod') },
  },
  {
    name: 'recipes-are-data',
    comment:
      'recipes/ read and check what a config may say: zod, YAML, domain/ and the options of corpus/, nothing that acts.',
    from: { path: inside('recipes') },
    to: { pathNot: [inside('recipes', 'domain'), '^corpus/options[.]ts$', '^fs$', npm('zod', 'yaml')] },
  },
  {
    name: 'cli-goes-through-the-client',
    comment:
      'cli/ is one user of client.ts among others: what it can do, another system can do; it runs no activity itself.',
    from: { path: inside('cli') },
    to: { path: inside('workflows', 'activities', 'corpus', 'emulator', 'test') },
  },
  {
    name: 'only-cli-knows-cli',
    comment: 'cli/ is the outermost part: whatever others need of it belongs further in.',
    from: { pathNot: inside('cli', 'test') },
    to: { path: inside('cli') },
  },
  {
    name: 'only-cli-starts-the-stack',
    comment: 'stack/ is for one machine; the product must not notice whether it runs on it.',
    from: { pathNot: inside('stack', 'cli', 'test') },
    to: { path: inside('stack') },
  },
  {
    name: 'stack-starts-processes',
    comment: 'stack/ starts and ends servers; what they do is not its concern.',
    from: { path: inside('stack') },
    to: { path: inside('workflows', 'activities', 'corpus', 'test') },
  },
  {
    name: 'nobody-imports-tests',
    comment: 'What the product needs does not lie in test/.',
    from: { pathNot: inside('test') },
    to: { path: inside('test') },
  },
  {
    name: 'product-needs-no-dev-dependency',
    comment: 'Packages for development are not there where the product runs.',
    from: { path: `${inside(...folders.filter((folder) => folder !== 'test'))}|^(client|worker)\\.ts$` },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'set-up-needs-nothing',
    comment: 'setup/ runs before any package is installed; only what it starts as a process of its own comes later.',
    from: { path: '^(setup|bin)/', pathNot: '^setup/(bundle\\.mjs|download\\.mjs|suite/reporter\\.cjs)$' },
    to: { dependencyTypes: anyPackage },
  },
  {
    name: 'no-cycles',
    comment: 'Two files that need each other at run time are one concern in two places; types may point both ways.',
    from: {},
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
  {
    name: 'imports-exist',
    comment: 'An import that leads nowhere fails only when it is reached.',
    from: {},
    to: { couldNotResolve: true },
  },
];

export default {
  forbidden: rules.map((rule) => ({ severity: 'error', ...rule })),
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)\\.bertha/|^training/' },
    parser: 'tsc',
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
