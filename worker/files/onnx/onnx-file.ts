/** A model as an ONNX file: the graph of one token, and in the metadata what our own files have there. */
import { modelMetadata, type ModelFileContent } from '../model-file.js';
import { onnxModel } from './onnx-model.js';
import { joined } from './protobuf.js';
import { tokenGraph } from './token-graph.js';

const description =
  'One token of a language model: ids and state.* in, logits and state.*.next out. State is zeros at the start of a text. ' +
  'config and tokenizer are in the metadata, as JSON.';

/**
 * @throws AdaptiveError 'model-file' if a weight is not finite, or too large for f16; 'memory' if it is too large a file
 */
export function encodeOnnx(content: ModelFileContent): ArrayBuffer {
  const { config, parameters, precision = 'f32' } = content;
  const graph = tokenGraph(config, parameters, precision);
  return joined(onnxModel(graph, { description, metadata: modelMetadata(content) })).buffer;
}
