import { invalid, type OpenaiError } from './errors.ts';
import { pictureFromDataUrl, type ReceivedPicture } from '../received-picture.ts';
import type { FileBook } from './files.ts';

/** An edit's parameters in JSON form, and how many pictures came along. */
export interface EditBody {
  readonly body: Readonly<Record<string, unknown>>;
  readonly inputImages: number;
  /** Those that came as bytes in JSON. */
  readonly references: readonly ReceivedPicture[];
}

const MOST_IMAGES = 16;
const MOST_FILE_BYTES = 50 * 1024 * 1024;
const MOST_URL_CHARACTERS = 20_971_520;
const MEDIA_TYPES = ['image/png', 'image/webp', 'image/jpeg'];
const PICTURE_PURPOSES = ['vision', 'user_data'];
const NUMBERS = ['n', 'output_compression', 'partial_images'];

/** Reads an edit as multipart (what clients send) or JSON (what batch lines need). */
export async function readEdit(request: Request, files: FileBook): Promise<EditBody | OpenaiError> {
  const type = request.headers.get('content-type') ?? '';
  if (type.startsWith('multipart/form-data')) return readForm(await request.formData());
  return readJsonEdit(await readObject(request), files);
}

/** The body as an object; anything else is an empty one, whose missing prompt is then named. */
export async function readObject(request: Request): Promise<Record<string, unknown>> {
  const body: unknown = await request.json().catch(() => undefined);
  return typeof body === 'object' && body !== null ? { ...body } : {};
}

function readForm(form: FormData): EditBody | OpenaiError {
  const images = [...form.getAll('image'), ...form.getAll('image[]')];
  const problem = checkCount(images.length, 'image') ?? firstProblem(images, checkFile);
  if (problem) return problem;
  const body: Record<string, unknown> = {};
  for (const [name, value] of form) {
    if (typeof value !== 'string') continue;
    body[name] = NUMBERS.includes(name) ? Number(value) : readBoolean(value);
  }
  return checkFidelity(body) ?? { body, inputImages: images.length, references: [] };
}

/** `images` refer by address, data URL, or the id of an uploaded file. */
export function readJsonEdit(
  body: Readonly<Record<string, unknown>>,
  files: FileBook,
): EditBody | OpenaiError {
  const { images, ...rest } = body;
  if (!Array.isArray(images)) {
    return invalid('images', 'missing_required_parameter', "Missing required parameter: 'images'.");
  }
  const problem =
    checkCount(images.length, 'images') ?? firstProblem(images, (image) => checkLink(image, files));
  const references = images.flatMap(
    (image) => pictureFromDataUrl(String((image as { image_url?: unknown }).image_url)) ?? [],
  );
  return problem ?? checkFidelity(body) ?? { body: rest, inputImages: images.length, references };
}

function checkCount(count: number, param: string): OpenaiError | undefined {
  if (count >= 1 && count <= MOST_IMAGES) return undefined;
  const message = `Invalid '${param}': expected 1 to ${MOST_IMAGES} images, but got ${count}.`;
  return count === 0
    ? invalid(param, 'missing_required_parameter', `Missing required parameter: '${param}'.`)
    : invalid(param, 'array_above_max_length', message);
}

function checkFile(file: string | File): OpenaiError | undefined {
  if (typeof file === 'string') {
    return invalid('image', 'invalid_type', "Invalid type for 'image': expected a file.");
  }
  if (!MEDIA_TYPES.includes(file.type)) {
    const message = `Invalid file 'image': unsupported mimetype ('${file.type}').`;
    return invalid('image', 'unsupported_file_mimetype', message);
  }
  if (file.size < MOST_FILE_BYTES) return undefined;
  return invalid('image', 'file_too_large', "Invalid file 'image': must be less than 50 MB.");
}

/** Exactly one of the two (`ImageRefParam`); a file must be there, and a picture's. */
function checkLink(image: unknown, files: FileBook): OpenaiError | undefined {
  const { image_url: url, file_id: id } = Object(image);
  if (url === undefined && typeof id === 'string') {
    if (PICTURE_PURPOSES.includes(files.find(id)?.purpose ?? '')) return undefined;
    const message = `Invalid 'images': there is no picture in the file '${id}'.`;
    return invalid('images', 'invalid_value', message);
  }
  if (
    id === undefined &&
    typeof url === 'string' &&
    url.length <= MOST_URL_CHARACTERS &&
    URL.canParse(url)
  ) {
    return checkData(url);
  }
  const message =
    "Invalid 'images': each needs an 'image_url' (address or data URL) or a 'file_id'.";
  return invalid('images', 'invalid_value', message);
}

/** A data URL holds a picture of the kind that it names. */
function checkData(url: string): OpenaiError | undefined {
  if (!url.startsWith('data:')) return undefined;
  const picture = pictureFromDataUrl(url);
  if (picture && MEDIA_TYPES.includes(picture.mediaType)) return undefined;
  return invalid('images', 'invalid_value', "Invalid 'images': the data URL holds no valid image.");
}

/** gpt-image-2 always reads references in high fidelity: the parameter must be left out. */
function checkFidelity(body: Readonly<Record<string, unknown>>): OpenaiError | undefined {
  if (body['input_fidelity'] === undefined) return undefined;
  const message = "The 'input_fidelity' parameter is not supported with this model.";
  return invalid('input_fidelity', 'unsupported_parameter', message);
}

function firstProblem<Item>(
  items: readonly Item[],
  check: (item: Item) => OpenaiError | undefined,
): OpenaiError | undefined {
  for (const item of items) {
    const problem = check(item);
    if (problem) return problem;
  }
  return undefined;
}

function readBoolean(value: string): string | boolean {
  return value === 'true' || value === 'false' ? value === 'true' : value;
}
