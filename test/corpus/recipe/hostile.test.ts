import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CorpusError } from '../../../corpus/error.js';
import { inFolder, vocabularyOf } from '../fixture.js';
import { samplesIn, writeHostileFiles } from './written.js';

const vocabulary = vocabularyOf(['the', 'river', 'a', 'town']);
const refused = (what: RegExp) =>
  new RegExp(`^part\\.bin is refused: at byte \\d+ it ${what.source}; nothing in it was run`);

/** What is said of each file that hostile.py writes. */
const answers: Readonly<Record<string, RegExp>> = {
  'bytes.bin': refused(/has the opcode SHORT_BINBYTES \(bytes\), which no such file has|names _codecs\.encode, .*/),
  'dup.bin': refused(/has the opcode DUP .*/),
  'elsewhere.bin': /holds 2 samples, but its GenericPretrainingDataCreator lists 1/,
  'empty-stack.bin': refused(/has the opcode POP .*/),
  'eval.bin': refused(/names builtins\.eval, and TokenInstance, .* alone are admitted/),
  'extension.bin': refused(/has the opcode EXT1 \(an object by a registered extension code\).*/),
  'future.bin': refused(/is of pickle protocol 9, .*/),
  'huge-bytes.bin': refused(/has the opcode BINBYTES .*/),
  'huge-frame.bin': refused(/has a frame of 18446744073709552000 bytes, more than the file has/),
  'huge-memo.bin': refused(/remembers a value as number 4294967295 when it has 0/),
  'huge-number.bin': refused(/has a number of 2147483647 bytes/),
  'huge-string.bin': refused(/has a string of 4294967295 bytes, which is no token/),
  'huge-string8.bin': refused(/has a string of 18446744073709552000 bytes, which is no token/),
  'in-is-next.bin': refused(/names builtins\.getattr, .*/),
  'inst-of-class.bin': refused(/has the opcode INST \(call sources\.TokenInstance\), .*/),
  'inst.bin': refused(/names os\.system, .*/),
  'label.bin': refused(/has a sample with the value 2 as is_next/),
  'list.bin': /^part\.bin holds a list and no data creator of the old recipe; is it one of its \.bin files\?$/,
  'many-kept.bin': refused(/holds more than 100000 objects outside of any sample/),
  'many-lists.bin': refused(/holds more than 100000 values in no list/),
  'many-marks.bin': refused(/opens more than 100000 marks/),
  'missing.bin': refused(/has a sample with the value null as tokens_b/),
  'more.bin': refused(/has a TokenInstance with the attribute "label"/),
  'nested.bin': refused(/names builtins\.exec, .*/),
  'no-mark.bin': refused(/closes a mark where there is none/),
  'no-memo.bin': refused(/comes back to number 7, which is none, or of a sample before/),
  'no-opcode.bin': refused(/has the byte 254 where an opcode should stand: .*/),
  'numbers.bin': refused(/has a sample with tokens_a that are no tokens/),
  'ordered.bin': refused(/names collections\.OrderedDict, .*/),
  'persistent.bin': refused(/has the opcode BINPERSID \(ask the program for an object by a persistent id\).*/),
  'sample.bin': /^part\.bin holds a TokenInstance and no data creator/,
  'set.bin': refused(/has the opcode EMPTY_SET \(a set\).*/),
  'setstate-of-class.bin': refused(/gives attributes to a class/),
  'setstate.bin': refused(/gives an object the attribute __setstate__/),
  'shared-list.bin': refused(/comes back to number \d+, which is none, or of a sample before/),
  'slots.bin': refused(/has a dictionary in a tuple/),
  'stack-global.bin': refused(/names posix\.system, .*/),
  'system-0.bin': refused(/names posix\.system, .*/),
  'system-4.bin': refused(/names posix\.system, .*/),
  'system.bin': refused(/names posix\.system, .*/),
  'takes-nothing.bin': refused(/takes a value where there is none/),
  'twice.bin': refused(/comes back to number \d+, which is none, or of a sample before/),
  'wrong-length.bin':
    /holds 1 samples, but its GenericPretrainingDataCreator lists 1, and says of itself that it has 7; fetch it again\.$/,
};

describe('corpus/recipe: pickles that are no files of the old recipe', function () {
  this.timeout(20_000);

  it('are refused by the name of what they ask for, with file and byte, and nothing of them is run', () =>
    inFolder(async (folder) => {
      const hostile = join(folder, 'hostile');
      await mkdir(hostile);
      assert.deepEqual(writeHostileFiles(hostile), Object.keys(answers));
      for (const [name, answer] of Object.entries(answers)) {
        assert.throws(
          () => samplesIn(join(hostile, name), vocabulary),
          (error: Error) => {
            assert.ok(error instanceof CorpusError, `${name}: ${error.stack}`);
            assert.match(error.message, answer, name);
            assert.doesNotMatch(error.message, /\n/, name);
            return true;
          },
          name,
        );
      }
      assert.ok(!existsSync('harm'));
    }));
});
