/**
 * Where a picture comes from, in the words that other software reads: IPTC NewsCodes "Digital Source
 * Type" (https://cv.iptc.org/newscodes/digitalsourcetype/, release of 2024-10-23, without the retired
 * ones).
 */
export const SOURCE_TYPES = {
  trainedAlgorithmicMedia: 'created by a model trained on sampled content (generative AI)',
  compositeWithTrainedAlgorithmicMedia: 'edited or composed with generative AI',
  algorithmicMedia: 'created by an algorithm without any sampled training data',
  algorithmicallyEnhanced: 'altered by an algorithm that is not generative',
  humanEdits: 'edited by people with tools that are not generative',
  digitalCapture: 'captured from real life by a digital camera',
  computationalCapture: 'captured from real life, several frames merged without generative AI',
  digitalCreation: 'created by people with digital tools that are not generative',
  dataDrivenMedia: 'a representation of data, made by programming',
  negativeFilm: 'digitised from a negative on film',
  positiveFilm: 'digitised from a positive on film',
  print: 'digitised from a print',
  composite: 'composed of several elements',
  compositeCapture: 'composed of elements captured from real life',
  compositeSynthetic: 'composed of elements, one of them synthetic',
  screenCapture: 'a capture of a screen',
  virtualRecording: 'a recording of a virtual event',
} as const;

export type SourceType = keyof typeof SOURCE_TYPES;

/** The terms are written as addresses below this one. */
export const SOURCE_TYPE_SCHEME = 'http://cv.iptc.org/newscodes/digitalsourcetype/';

/** A term, or its address in any spelling that is about; `undefined` for what is none. */
export function sourceTypeOf(text: string): SourceType | undefined {
  const term = text
    .trim()
    .replace(/^https?:\/\/cv\.iptc\.org\/newscodes\/digitalsourcetype\//i, '');
  return isSourceType(term) ? term : undefined;
}

function isSourceType(term: string): term is SourceType {
  return Object.hasOwn(SOURCE_TYPES, term);
}
