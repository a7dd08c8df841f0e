import { DEFAULT_SIZE, type Size } from '../../src/engine/core/size.ts';

/** What a workflow orders, as far as the simulator understands its nodes. */
export interface ImageOrder {
  readonly checkpoint: string;
  readonly prompt: string;
  readonly size: Size;
  readonly count: number;
  /** The nodes that save pictures. */
  readonly outputs: readonly string[];
}

/** `{error, node_errors}` of a 400. */
export interface Rejection {
  readonly error: ErrorBody;
  readonly node_errors: Readonly<Record<string, NodeErrors>>;
}
interface ErrorBody {
  readonly type: string;
  readonly message: string;
  readonly details: string;
  readonly extra_info: object;
}
interface NodeErrors {
  readonly errors: readonly ErrorBody[];
  readonly dependent_outputs: readonly string[];
  readonly class_type: string;
}

interface Node {
  readonly class_type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}
export type Workflow = Readonly<Record<string, Node>>;

export const CHECKPOINTS = ['flux1-dev-fp8.safetensors', 'sd_xl_base_1.0.safetensors'];

/** The nodes that are installed; a few of the server's own. */
const CLASSES = [
  'CheckpointLoaderSimple',
  'CLIPTextEncode',
  'EmptyLatentImage',
  'EmptySD3LatentImage',
  'KSampler',
  'LoadImage',
  'PreviewImage',
  'SaveImage',
  'VAEDecode',
  'VAEEncode',
];
const OUTPUTS = ['SaveImage', 'PreviewImage'];

/** `uploads`: names of the pictures in the server's input folder. */
export function readWorkflow(
  workflow: unknown,
  uploads: ReadonlySet<string>,
): ImageOrder | Rejection {
  if (!isWorkflow(workflow)) {
    return rejection('invalid_prompt', 'Cannot execute because a node is missing class_type', '');
  }
  const unknown = Object.values(workflow).find(({ class_type }) => !CLASSES.includes(class_type));
  if (unknown) {
    const message = `Node '${unknown.class_type}' not found. The custom node may not be installed.`;
    return rejection('missing_node_type', message, '');
  }
  const outputs = nodesOf(workflow, OUTPUTS).map(([id]) => id);
  if (outputs.length === 0) return rejection('prompt_no_outputs', 'Prompt has no outputs', '');
  return firstNodeError(workflow, uploads, outputs) ?? toOrder(workflow, outputs);
}

function toOrder(workflow: Workflow, outputs: readonly string[]): ImageOrder {
  const [, sampler] = nodesOf(workflow, ['KSampler'])[0] ?? [];
  const latent = linked(workflow, sampler?.inputs['latent_image'])?.inputs ?? {};
  const text = linked(workflow, sampler?.inputs['positive'])?.inputs['text'];
  const [, loader] = nodesOf(workflow, ['CheckpointLoaderSimple'])[0] ?? [];
  return {
    checkpoint: textOr(loader?.inputs['ckpt_name'], ''),
    prompt: textOr(text, ''),
    size: {
      width: numberOr(latent['width'], DEFAULT_SIZE.width),
      height: numberOr(latent['height'], DEFAULT_SIZE.height),
    },
    count: numberOr(latent['batch_size'], 1),
    outputs,
  };
}

function firstNodeError(
  workflow: Workflow,
  uploads: ReadonlySet<string>,
  outputs: readonly string[],
): Rejection | undefined {
  for (const [id, node] of Object.entries(workflow)) {
    const error = nodeError(node, uploads);
    if (error === undefined) continue;
    const errors = { errors: [error], dependent_outputs: outputs, class_type: node.class_type };
    const failed = 'Prompt outputs failed validation';
    return {
      ...rejection('prompt_outputs_failed_validation', failed, ''),
      node_errors: { [id]: errors },
    };
  }
  return undefined;
}

function nodeError(
  { class_type, inputs }: Node,
  uploads: ReadonlySet<string>,
): ErrorBody | undefined {
  const checkpoint = inputs['ckpt_name'];
  if (class_type === 'CheckpointLoaderSimple' && !CHECKPOINTS.some((each) => each === checkpoint)) {
    const details = `ckpt_name: '${String(checkpoint)}' not in [${CHECKPOINTS.join(', ')}]`;
    return { ...body('value_not_in_list', 'Value not in list', details) };
  }
  if (class_type === 'KSampler' && !Number.isInteger(inputs['seed'])) {
    const details = `seed, ${JSON.stringify(inputs['seed'])}`;
    return body('invalid_input_type', 'Failed to convert an input value to a INT value', details);
  }
  if (class_type === 'LoadImage' && !uploads.has(String(inputs['image']))) {
    const details = `image - Invalid image file: ${String(inputs['image'])}`;
    return body('custom_validation_failed', 'Custom validation failed for node', details);
  }
  return undefined;
}

export function rejection(type: string, message: string, details: string): Rejection {
  return { error: body(type, message, details), node_errors: {} };
}

function body(type: string, message: string, details: string): ErrorBody {
  return { type, message, details, extra_info: {} };
}

function nodesOf(workflow: Workflow, classes: readonly string[]): [string, Node][] {
  return Object.entries(workflow).filter(([, { class_type }]) => classes.includes(class_type));
}

/** The node that an input `["4", 0]` comes from. */
function linked(workflow: Workflow, link: unknown): Node | undefined {
  return Array.isArray(link) ? workflow[String(link[0])] : undefined;
}

function isWorkflow(value: unknown): value is Workflow {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) return false;
  return Object.values(value).every(
    (node: unknown) =>
      typeof node === 'object' &&
      node !== null &&
      'class_type' in node &&
      typeof node.class_type === 'string' &&
      'inputs' in node &&
      typeof node.inputs === 'object' &&
      node.inputs !== null,
  );
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}
