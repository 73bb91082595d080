import assert from 'node:assert/strict';
import { scenarioSchema } from '../../../emulator/scenario/language/document.js';
import { parseScenario } from '../../../emulator/scenario/schema.js';

interface SchemaNode {
  properties?: Record<string, SchemaNode>;
  items?: SchemaNode;
  anyOf?: SchemaNode[];
  oneOf?: SchemaNode[];
  description?: string;
}

describe('emulator: the scenario language', () => {
  it('describes every field in its JSON Schema', () => {
    const bare: string[] = [];
    let fields = 0;
    const look = (node: SchemaNode, path: string): void => {
      for (const [name, field] of Object.entries(node.properties ?? {})) {
        fields += 1;
        if (field.description === undefined) bare.push(`${path}.${name}`);
        look(field, `${path}.${name}`);
      }
      if (node.items !== undefined) look(node.items, path);
      [...(node.anyOf ?? []), ...(node.oneOf ?? [])].forEach((each, index) => look(each, `${path}|${index}`));
    };
    look(scenarioSchema(), '');
    assert.deepEqual(bare, []);
    assert.ok(fields > 100, `${fields} fields`);
  });

  for (const [text, message] of [
    ['{requests: [{kind: slw}]}', /^Field requests\[0\]\.kind of .* must be one of tooManyRequests, throttled, error,/],
    ['{requests: [{kind: slow}]}', /^Field requests\[0\]\.seconds of /],
    ['{requests: [{kind: error, status: 501}]}', /^Field requests\[0\]\.status of .*500\|502\|503\|504/],
    [
      '{requests: [{kind: reset, nth: 1, every: 2}]}',
      /^Field requests\[0\]\.every of .* does not go together with nth/,
    ],
    ['{capacity: [{kind: nodes, nodes: 0, from: 9, until: 3}]}', /\.until of .* must be greater than from \(9\)/],
    ['{evictions: [{kind: random, face: x, meanSecondsPerNode: 1}]}', /^Field evictions\[0\]\.face of .*"mixed"/],
    ['{evictions: [{kind: trace, file: a, face: notResponding}]}', /^Field evictions\[0\]\.face of /],
    ['{storage: [{kind: torn, keep: 2}]}', /^Field storage\[0\]\.keep of /],
    ['{rules: [{when: {at: 3}, do: {}}]}', /^Field rules\[0\]\.do of .* needs exactly one of evict, capacity,/],
    ['{rules: [{when: {at: 3, status: x}, do: {evict: {}}}]}', /^Field rules\[0\]\.when of .* needs either blob or/],
  ] as const) {
    it(`refuses ${text} in one sentence`, () => {
      assert.throws(
        () => parseScenario(text, 's.yaml'),
        (error: Error) => message.test(error.message) && /\.$/.test(error.message) && !error.message.includes('\n'),
      );
    });
  }
});
