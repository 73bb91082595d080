import { classNamed } from './classes.js';
import type { Machine } from './machine.js';
import type { Handlers } from './opcodes.js';
import { completeSample } from './samples.js';
import { Class, Dict, Instance, kindOf, Tuple, type Value } from './values.js';

/** Classes, and objects of them. No code of a file is run: an object is made of its class's name and its attributes. */
export const objects: Handlers = {
  /** GLOBAL */
  0x63(machine) {
    const [module, name] = [machine.window.line(), machine.window.line()];
    machine.push(classNamed(machine, module, name));
  },
  /** STACK_GLOBAL */
  0x93(machine) {
    const [name, module] = [machine.pop(), machine.pop()];
    machine.push(classNamed(machine, machine.read(module, 'a module'), machine.read(name, 'the name of a class')));
  },
  /** NEWOBJ */
  0x81(machine) {
    const [given, of] = [machine.pop(), machine.pop()];
    if (!(given instanceof Tuple) || given.items.length > 0) machine.refuse('hands arguments to a class');
    machine.push(instanceOf(machine, of));
  },
  /** REDUCE: the one call that is understood is the one by which protocols 0 and 1 make an object. */
  0x52(machine) {
    const [given, called] = [machine.pop(), machine.pop()];
    const isRebuild = called instanceof Class && called.role === 'rebuild';
    if (!isRebuild) machine.refuse(`calls ${called instanceof Class ? called.name : kindOf(called)}`);
    const [of, base] = given instanceof Tuple ? given.items : [];
    const isPlain = base instanceof Class && base.role === 'object';
    machine.push(isPlain && of !== undefined ? instanceOf(machine, of) : machine.refuse('rebuilds no plain object'));
  },
  /** BUILD */
  0x62(machine) {
    const state = machine.pop();
    const instance = machine.top();
    if (!(instance instanceof Instance)) {
      return machine.refuse(`gives attributes to ${instance === undefined ? 'nothing' : kindOf(instance)}`);
    }
    if (!(state instanceof Dict)) return machine.refuse(`gives ${kindOf(state)} as the attributes of an object`);
    complete(machine, instance, state);
  },
};

function instanceOf(machine: Machine, of: Value): Instance {
  const isOfRecipe = of instanceof Class && (of.role === 'sample' || of.role === 'creator');
  return isOfRecipe
    ? new Instance(of)
    : machine.refuse(`makes an object of ${of instanceof Class ? of.name : kindOf(of)}`);
}

function complete(machine: Machine, instance: Instance, state: Dict): void {
  const isComplete = instance.number !== -1 || instance.fields !== null;
  if (isComplete) machine.refuse(`gives attributes to a ${instance.of.name} twice`);
  const special = [...state.fields.keys()].find((name) => name.startsWith('__'));
  if (special !== undefined) machine.refuse(`gives an object the attribute ${special}`);
  if (instance.of.role === 'sample') return completeSample(machine, instance, state);
  instance.fields = state.fields;
  machine.forget(state);
}
