import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const nodeGlobals = Object.fromEntries(
  [
    'process',
    'console',
    'URL',
    'Buffer',
    'performance',
    'fetch',
    'AbortSignal',
    'AbortController',
    'setTimeout',
    'clearTimeout',
  ].map((name) => [name, 'readonly']),
);

/** What replayed and simulated code may not touch: whatever differs from one run to the next. */
const unrepeatable = [
  { object: 'Date', property: 'now', message: 'The time is a fact that is handed in.' },
  { object: 'Math', property: 'random', message: 'Chance is a fact that is handed in.' },
];

export default tseslint.config(
  { ignores: ['.bertha/', 'node_modules/', 'training/', 'docs/'] },
  js.configs.recommended,
  {
    files: ['**/*.{mjs,js}'],
    languageOptions: { globals: nodeGlobals },
  },
  {
    files: ['**/*.cjs'],
    languageOptions: { sourceType: 'commonjs', globals: { ...nodeGlobals, require: 'readonly', module: 'writable' } },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      // `import { type A }` leaves an empty import behind, which the import rules take for one of types only.
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // An interface may promise what an implementation of it knows at once.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    // Tests read bodies off the wire as they are, and take activities out of the object they are made in.
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['domain/**/*.ts', 'workflows/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^node:',
              message: 'This code runs in the workflow sandbox, which has no Node.js built-in modules.',
            },
          ],
        },
      ],
    },
  },
  {
    // The sandbox makes Date and Math.random repeatable for workflows; the domain runs outside of it too.
    files: ['domain/**/*.ts'],
    rules: {
      'no-restricted-properties': ['error', ...unrepeatable],
      'no-restricted-globals': ['error', 'setTimeout', 'setInterval', 'process', 'fetch', 'console'],
      'no-restricted-syntax': [
        'error',
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: 'The time is a fact that is handed in.',
        },
      ],
    },
  },
);
