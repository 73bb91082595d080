import { readFileSync, writeFileSync } from 'node:fs';
import { Halt } from './halt.mjs';
import { inHome } from './places.mjs';
import { note } from './say.mjs';

const cpuIndex = 'https://download.pytorch.org/whl/cpu/';
const gpuOnly = /^(torch|triton|nvidia-[\w-]+|cuda-[\w-]+)==/;

/**
 * Installs the trainer's packages. PyTorch's own index has builds without CUDA, 5 GB less; where it cannot be had, or
 * fails, the locked set from PyPI is taken whole.
 * @param {(args: string[], doing: string) => Promise<string>} pip
 * @param {string} requirements the locked file
 */
export async function installTrainer(pip, requirements) {
  const isTaken = (await hasCpuIndex()) && (await installCpu(pip, requirements));
  if (!isTaken) await pip(['--require-hashes', '-r', requirements], 'installing PyTorch');
}

async function hasCpuIndex() {
  if (process.platform !== 'linux') return false;
  try {
    return (await fetch(cpuIndex, { method: 'HEAD', signal: AbortSignal.timeout(3000) })).ok;
  } catch {
    return false;
  }
}

async function installCpu(pip, requirements) {
  const { torch, others } = withoutGpu(readFileSync(requirements, 'utf8'));
  const rest = inHome('requirements-cpu.txt');
  writeFileSync(rest, others);
  try {
    await pip(['--no-deps', '--torch-backend', 'cpu', ...torch], 'installing PyTorch without CUDA');
    await pip(['--no-deps', '--require-hashes', '-r', rest], "installing the trainer's Python packages");
    return true;
  } catch (error) {
    if (!(error instanceof Halt)) throw error;
    note(`set-up: ${error.message} Taking the build with CUDA instead.`);
    return false;
  }
}

/**
 * Splits a locked requirements file.
 * @param {string} text
 * @returns {{ torch: string[], others: string }} PyTorch's own requirements without hashes (its index has other files), and
 *   all that a machine without a GPU needs beside it, with hashes
 */
export function withoutGpu(text) {
  const blocks = text.split(/^(?=\S)/m).filter((block) => /^[\w.-]+==/.test(block));
  const torch = blocks.filter((block) => block.startsWith('torch==')).map((block) => block.split(' \\\n')[0].trim());
  const others = blocks.filter((block) => !gpuOnly.test(block)).join('');
  return { torch, others };
}
